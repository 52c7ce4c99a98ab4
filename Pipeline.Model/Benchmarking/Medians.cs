namespace Pipeline.Model.Benchmarking;

/// <summary>The median: what a noisy machine moves least.</summary>
public static class Medians
{
    /// <param name="values">At least one.</param>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
