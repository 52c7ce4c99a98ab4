namespace Pipeline.Jobs.State;

public static class JobStates
{
    /// <summary>True where nothing more happens unless somebody submits the job again.</summary>
    public static bool IsTerminal(this JobState state) =>
        state is JobState.Completed or JobState.CompletedWithErrors or JobState.Failed or JobState.Cancelled;

    /// <summary>True where submitting the same spec continues the job.</summary>
    public static bool CanContinue(this JobState state) => state is JobState.Failed or JobState.Cancelled;
}
