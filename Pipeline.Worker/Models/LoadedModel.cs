namespace Pipeline.Worker.Models;

/// <summary>A checkpoint folder and the exact content that was loaded of it.</summary>
/// <param name="Folder">Full path.</param>
/// <param name="Revision">sha256 over its files, as plans carry it.</param>
/// <param name="Annotator">The model itself.</param>
internal sealed record LoadedModel(string Folder, string Revision, IAnnotator Annotator);

/// <summary>Loads a checkpoint folder.</summary>
internal delegate Task<LoadedModel> ModelLoader(string folder, CancellationToken cancellationToken);
