namespace Pipeline.Model.Engine;

/// <summary>Steps of one stage, failed ones left out.</summary>
/// <param name="Steps">How many.</param>
/// <param name="Time">In the network, all together.</param>
/// <param name="Items">Crops, tokens or sequences, as the stage counts.</param>
public readonly record struct StageStatistics(long Steps, TimeSpan Time, long Items)
{
    /// <summary>Items of a step; 0 where there was none.</summary>
    public double MeanItems => Steps == 0 ? 0 : (double)Items / Steps;

    public static StageStatistics operator +(StageStatistics left, StageStatistics right) =>
        new(left.Steps + right.Steps, left.Time + right.Time, left.Items + right.Items);

    public static StageStatistics operator -(StageStatistics left, StageStatistics right) =>
        new(left.Steps - right.Steps, left.Time - right.Time, left.Items - right.Items);
}
