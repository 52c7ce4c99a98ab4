namespace Pipeline.Jobs.Rows;

/// <summary>A row read back from a dataset.</summary>
public sealed record DatasetRow(AnnotationRow Annotation, RowProvenance Provenance);
