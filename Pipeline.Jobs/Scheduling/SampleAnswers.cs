using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Makes rows of a few images for a look at them; null if the spec's model is not at hand in this process. A worker offers one.</summary>
public delegate Task<IReadOnlyList<AnnotationRow>?> SampleAnswers(JobSpec spec, IReadOnlyList<PlannedImage> images, CancellationToken cancellationToken);
