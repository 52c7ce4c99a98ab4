namespace Train.Runs;

/// <summary>How long to train: one of the two is given.</summary>
/// <param name="Minutes">Of training, all parts of a resumed run together.</param>
/// <param name="Steps">Of the optimizer.</param>
internal sealed record RunBudget(double? Minutes, int? Steps)
{
    /// <summary>Budget of the phase that begins now, in seconds or steps.</summary>
    public double Of(Recipe recipe, RunState state)
    {
        var left = Minutes is { } minutes ? Math.Max(0, (minutes * 60) - state.Seconds) : Math.Max(0, Steps!.Value - state.Steps);
        var shares = recipe.Phases.Skip(state.Phase).Sum(phase => phase.Share);
        return Math.Max(Minutes is null ? 1 : 1e-3, left * recipe.Phases[state.Phase].Share / shares);
    }

    /// <summary>0 to 1 or more, over the phase.</summary>
    public double Progress(RunState state) => (Minutes is null ? state.PhaseSteps : state.PhaseSeconds) / state.PhaseBudget;
}
