namespace Pipeline.Jobs.State;

/// <summary>The job storage cannot be used as configured. The message says what to mend and holds no password.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
