namespace Pipeline.Model.Configuration;

/// <summary>Which Dragonfly.</summary>
public enum DragonflyVersion
{
    /// <summary>Zoom-in selection: the 12 high-resolution crops that match the middle ones best.</summary>
    V1 = 1,

    /// <summary>Zoom-in pooling: all high-resolution crops, mean-pooled.</summary>
    V2 = 2,
}
