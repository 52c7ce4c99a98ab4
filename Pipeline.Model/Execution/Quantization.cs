namespace Pipeline.Model.Execution;

/// <summary>How the weights of the language layers' products are held; activations, embeddings, norms, <c>lm_head</c> and the vision tower keep the model's type.</summary>
public enum Quantization
{
    /// <summary>In the model's type.</summary>
    None,

    /// <summary>Weight-only, one byte each, with a scale for each output.</summary>
    Int8,

    /// <summary>Weight-only, half a byte each, with a scale and a start for each 64 inputs. Layers whose sizes the kernels don't take stay as they are.</summary>
    Int4,
}
