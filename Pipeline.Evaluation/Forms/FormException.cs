namespace Pipeline.Evaluation.Forms;

/// <summary>Data that can't be read as the benchmark; the message names the place and the mend.</summary>
public sealed class FormException(string message) : Exception(message);
