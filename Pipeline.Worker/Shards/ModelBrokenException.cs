namespace Pipeline.Worker.Shards;

/// <summary>The model or its device fails whatever the image: the shard is tried again, perhaps elsewhere.</summary>
internal sealed class ModelBrokenException(string message, Exception inner) : Exception(message, inner);
