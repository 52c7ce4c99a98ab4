namespace Pipeline.Worker.Progress;

/// <summary>The shard was given to another attempt: this one was taken for dead, and must not commit.</summary>
internal sealed class LeaseLostException(string message) : Exception(message);
