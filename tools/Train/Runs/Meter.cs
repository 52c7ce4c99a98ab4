using Train.Output;

namespace Train.Runs;

/// <summary>Means over the steps since the last line.</summary>
internal sealed class Meter
{
    private readonly Dictionary<string, (double Right, double Count)> _answers = [];
    private double _loss;
    private double _norm;
    private double _seconds;
    private int _steps;
    private int _scenes;

    public void Add(StepResult step, int scenes, double seconds)
    {
        (_loss, _norm, _seconds, _steps, _scenes) = (_loss + step.Loss, _norm + step.Norm, _seconds + seconds, _steps + 1, _scenes + scenes);
        foreach (var (kind, share, weight) in step.Accuracies.Where(accuracy => !double.IsNaN(accuracy.Share)))
        {
            var (right, count) = _answers.GetValueOrDefault(kind);
            _answers[kind] = (right + (share * weight), count + weight);
        }
    }

    public double Seconds => _seconds;

    public int Steps => _steps;

    /// <summary>The point of all steps since the last one.</summary>
    public CurvePoint Take(RunState state, string phase, double rate)
    {
        var point = new CurvePoint(
            state.Steps, state.Seconds, phase, _loss / _steps, rate, _norm / _steps, _scenes / _seconds, _answers.ToDictionary(pair => pair.Key, pair => pair.Value.Right / pair.Value.Count));
        _answers.Clear();
        (_loss, _norm, _seconds, _steps, _scenes) = (0, 0, 0, 0, 0);
        return point;
    }
}

/// <summary>What a step showed.</summary>
internal sealed record StepResult(double Loss, double Norm, IReadOnlyList<(string Kind, double Share, double Weight)> Accuracies);
