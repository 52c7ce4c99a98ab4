using System.Globalization;
using System.Text.Json;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Says what a spec would do, and does nothing of it.</summary>
/// <param name="validator">Judges the spec.</param>
/// <param name="stores">Hold the source.</param>
/// <param name="jobs">Know how fast the model was before.</param>
/// <param name="tenants">Whose specs are limited.</param>
/// <param name="time">Of the limits.</param>
/// <param name="answers">Asks the model; null where there is none.</param>
public sealed class DryRun(JobSpecValidator validator, ObjectStores stores, JobStore jobs, TenantStore tenants, TimeProvider time, SampleAnswers? answers = null)
{
    private const int MostSamples = 3;

    /// <summary>Newest jobs that are looked at for one with the same model: each is a read of the storage, and somebody waits.</summary>
    private const int MostCompared = 10;

    /// <summary>A source with more images is counted up to here only.</summary>
    public const int MostCounted = 100_000;

    /// <summary>Somebody waits for the answer.</summary>
    private static readonly TimeSpan s_counting = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_answering = TimeSpan.FromSeconds(30);

    /// <exception cref="JobSpecException">Lists everything wrong with the spec.</exception>
    /// <exception cref="ObjectStoreException">The source cannot be read, or is not what its format says.</exception>
    public async Task<DryRunReport> RunAsync(SpecReading reading, string? tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var spec = SpecNormalizer.Normalize(reading.Spec);
        var limits = tenant is null ? null : tenants.Find(tenant);
        await validator.ThrowIfFaultyAsync(reading with { Spec = spec with { Schedule = reading.Spec.Schedule } }, limits, cancellationToken);
        var (images, unusable, bytes, isCounted, first) = await CountAsync(stores.LimitedTo(limits?.PlacesFor(spec.Output)), spec, cancellationToken);
        var (rows, whyNot) = await AskAsync(spec, first, cancellationToken);
        return new DryRunReport
        {
            JobId = JobId.Of(spec),
            Images = images,
            IsCounted = isCounted,
            UnusableRows = unusable,
            Shards = (int)((images + spec.ShardSize - 1) / spec.ShardSize),
            SourceBytes = bytes,
            Samples = [.. first.Select((image, index) => SampleOf(spec, image, rows?[index]))],
            NoAnswers = whyNot,
            Seconds = SecondsFor(spec, images, tenant),
            Bytes = BytesFor(spec, images, bytes),
        };
    }

    private async Task<(long Images, long Unusable, long Bytes, bool IsCounted, List<PlannedImage> First)> CountAsync(ObjectStores places, JobSpec spec, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var (images, unusable, bytes) = (0L, 0L, 0L);
        var first = new List<PlannedImage>();
        await foreach (var image in new PlannedRows(places, spec).ListAsync(cancellationToken))
        {
            if (images == MostCounted || time.GetElapsedTime(start) > s_counting)
            {
                return (images, unusable, bytes, false, first);
            }

            images++;
            bytes += image.Bytes;
            unusable += image.Fault is null ? 0 : 1;
            if (image.Fault is null && first.Count < MostSamples)
            {
                first.Add(image);
            }
        }

        return (images, unusable, bytes, true, first);
    }

    private async Task<(IReadOnlyList<AnnotationRow>? Rows, string? WhyNot)> AskAsync(JobSpec spec, List<PlannedImage> images, CancellationToken cancellationToken)
    {
        if (answers is null)
        {
            return (null, "No model runs in this process: workers have it.");
        }

        using var deadline = new CancellationTokenSource(s_answering, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await answers(spec, images, stop.Token) is { } rows ? (rows, null) : (null, "The worker of this process is busy with another model.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"The model did not answer within {s_answering.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is PermanentJobException or ObjectStoreException)
        {
            return (null, e.Message);
        }
    }

    private static DryRunSample SampleOf(JobSpec spec, PlannedImage image, AnnotationRow? row)
    {
        var asked = RowPrompts.Resolve(spec, image);
        return new DryRunSample(image.Key, asked.Caption, asked.Questions, row is null ? null : new DryRunAnswers(
            row.Caption?.Text,
            row.Labels.ToDictionary(label => label.QuestionId, label => label.Answer),
            row.Failure is { } failure ? $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString())}: {row.FailureMessage}" : null));
    }

    /// <summary>Of the newest job of the tenant that the same model did, or does.</summary>
    private Estimate? SecondsFor(JobSpec spec, long images, string? tenant) =>
        jobs.List(0, MostCompared, tenant).Jobs.FirstOrDefault(job => job.Spec.Model == spec.Model && job.ImagesPerSecond > 0) is { } like
            ? new Estimate(
                images / like.ImagesPerSecond!.Value,
                string.Create(CultureInfo.InvariantCulture, $"the {like.ImagesPerSecond:0.##} images/s of {like.Id} with the same model, a caption of {(like.Spec.Caption is null ? "nothing" : $"at most {like.Spec.MaxTokens} tokens")} and {like.Spec.Questions.Count} questions"))
            : null;

    private static Estimate BytesFor(JobSpec spec, long images, long sourceBytes)
    {
        // Compressed: facts and names of an image, two bytes a token, and a question's text that repeats.
        const int facts = 200;
        const int label = 60;
        const int token = 2;
        var written = (spec.Caption is null ? 0 : 1) + spec.Questions.Count(question => question.Kind is QuestionKind.Open);
        var row = facts + (written * spec.MaxTokens * token) + (spec.Questions.Count * label);
        var basis = $"{row} bytes a row with answers of full length, compressed" + (spec.EmbedImages ? ", and the images themselves" : "");
        return new Estimate(((double)images * row) + (spec.EmbedImages ? sourceBytes : 0), basis);
    }
}
