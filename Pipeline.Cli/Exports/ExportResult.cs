namespace Pipeline.Cli.Exports;

/// <summary>What became of a dataset's rows in an export.</summary>
/// <param name="Written">Rows.</param>
/// <param name="Failed">Left out: the dataset has no annotation of them.</param>
/// <param name="Unfit">Left out: their caption has a defect, and they have no labels.</param>
/// <param name="WithoutImage">Left out: the image is not there any more, can't be read, or is another one by now.</param>
/// <param name="Files">Written.</param>
internal readonly record struct ExportResult(long Written, long Failed, long Unfit, long WithoutImage, int Files);
