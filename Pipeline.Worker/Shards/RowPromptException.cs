namespace Pipeline.Worker.Shards;

/// <summary>What one row asks cannot be asked of the model.</summary>
internal sealed class RowPromptException(string message, Exception inner) : Exception(message, inner);
