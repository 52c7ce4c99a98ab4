namespace Pipeline.Model.Scheduling;

/// <summary>Largest step of one stage: shrinks when memory runs out, and grows back while it does not.</summary>
/// <param name="most">As configured, in the stage's unit.</param>
internal sealed class StepBudget(int most)
{
    /// <summary>Steps that must go well before a larger one is tried.</summary>
    internal const int Patience = 32;

    private int _successes;

    public int Most { get; } = most;

    /// <summary>1 to <see cref="Most"/>. A step of one item may be larger.</summary>
    public int Current { get; private set; } = most;

    /// <param name="tried">Size of the step that memory did not last for.</param>
    public void Halve(int tried)
    {
        Current = Math.Max(1, Math.Min(Current, tried) / 2);
        _successes = 0;
    }

    public void Succeeded()
    {
        if (Current < Most && ++_successes == Patience)
        {
            Current = Math.Min(Most, Current + Math.Max(1, Current / 4));
            _successes = 0;
        }
    }
}
