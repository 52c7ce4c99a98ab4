using System.Globalization;

namespace Train.Output;

/// <summary>A line of a run's curves, over some steps.</summary>
/// <param name="Step">The last of them.</param>
/// <param name="Seconds">Trained so far.</param>
/// <param name="Phase">Its name.</param>
/// <param name="Loss">Mean.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Norm">Mean norm of the gradients before clipping.</param>
/// <param name="ScenesPerSecond">All told: drawing, cutting, forward, backward.</param>
/// <param name="Accuracies">By what was asked.</param>
internal sealed record CurvePoint(
    int Step, double Seconds, string Phase, double Loss, double Rate, double Norm, double ScenesPerSecond, IReadOnlyDictionary<string, double> Accuracies);

/// <summary><c>curves.csv</c>: a line for each point, accuracies as <c>kind=share</c> in the last column.</summary>
internal sealed class CurveFile(string path)
{
    private const string Header = "step,seconds,phase,loss,learning_rate,gradient_norm,scenes_per_second,accuracies";

    public void Append(CurvePoint point)
    {
        using StreamWriter file = new(path, append: true);
        if (file.BaseStream.Length == 0)
        {
            file.WriteLine(Header);
        }

        file.WriteLine(Line(point));
    }

    /// <summary>Points up to a step; what a killed run wrote behind its last saved state is cut off.</summary>
    public IReadOnlyList<CurvePoint> CutBehind(int step)
    {
        var kept = Read().Where(point => point.Step <= step).ToList();
        File.WriteAllLines(path, [Header, .. kept.Select(Line)]);
        return kept;
    }

    public IReadOnlyList<CurvePoint> Read() => File.Exists(path) ? [.. File.ReadLines(path).Skip(1).Select(Parse)] : [];

    private static string Line(CurvePoint point) => string.Create(
        CultureInfo.InvariantCulture,
        $"{point.Step},{point.Seconds:0.0},{point.Phase},{point.Loss:0.00000},{point.Rate:0.000000},{point.Norm:0.0000},{point.ScenesPerSecond:0.0},{Words(point.Accuracies)}");

    internal static string Words(IReadOnlyDictionary<string, double> accuracies) =>
        string.Join(' ', accuracies.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value:0.000}")));

    private static CurvePoint Parse(string line)
    {
        var cells = line.Split(',');
        double Number(int cell) => double.Parse(cells[cell], CultureInfo.InvariantCulture);
        return new CurvePoint(
            int.Parse(cells[0], CultureInfo.InvariantCulture), Number(1), cells[2], Number(3), Number(4), Number(5), Number(6),
            cells[7].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture)));
    }
}
