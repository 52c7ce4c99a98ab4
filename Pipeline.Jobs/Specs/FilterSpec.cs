namespace Pipeline.Jobs.Specs;

/// <summary>Which images are not worth an answer. They get a row with the reason, and the model never sees them.</summary>
public sealed record FilterSpec
{
    /// <summary>Least pixels across: 0 (any) to 1,000,000, default 0.</summary>
    public int MinWidth { get; init; }

    /// <summary>Least pixels down: 0 (any) to 1,000,000, default 0.</summary>
    public int MinHeight { get; init; }

    /// <summary>Most times that the longer side is the shorter one: at least 1, or 0 for any; default 0.</summary>
    public double MaxAspect { get; init; }

    /// <summary>Least standard deviation of the grey values: 0 (any) to 127.5, default 0; 2 leaves out what looks blank.</summary>
    public double MinContrast { get; init; }

    /// <summary>Whether everything passes, as if there were no filters in the spec.</summary>
    internal bool IsDefault => this == s_default;

    private static readonly FilterSpec s_default = new();
}
