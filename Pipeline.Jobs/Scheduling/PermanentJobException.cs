namespace Pipeline.Jobs.Scheduling;

/// <summary>A job cannot go on, and another try would end the same: the message says what to mend. Never retried.</summary>
public sealed class PermanentJobException(string message, Exception? inner = null) : Exception(message, inner);
