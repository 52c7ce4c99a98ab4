namespace Pipeline.Model.Engine;

/// <summary>What a step of the engine does.</summary>
public enum InferenceStage
{
    /// <summary>Crops to image rows.</summary>
    Vision,

    /// <summary>Keys and values of image positions.</summary>
    ImagePrefill,

    /// <summary>Prompts, and the choices to score, behind their images.</summary>
    TextPrefill,

    /// <summary>One more token of every running sequence.</summary>
    Decode,

    /// <summary>None of the network's: the engine's own bookkeeping.</summary>
    Scheduling,
}
