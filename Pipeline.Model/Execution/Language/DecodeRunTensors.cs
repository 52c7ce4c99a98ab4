using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>A run of a decode step, on the device.</summary>
internal sealed class DecodeRunTensors
{
    private readonly Tensor[] _masks;

    /// <param name="shape">Which sequences.</param>
    /// <param name="sequences">These.</param>
    /// <param name="tokens">That each of them gets.</param>
    /// <param name="kvHeads">Key heads.</param>
    /// <param name="blocks">Blocks of the whole text cache, for each key head.</param>
    /// <param name="placement">Where the model runs.</param>
    public DecodeRunTensors(DecodeRun shape, ReadOnlySpan<DecodeWork> sequences, int tokens, int kvHeads, long blocks, Placement placement)
    {
        Shape = shape;
        List<long> gather = [];
        foreach (DecodeWork one in sequences)
        {
            for (int head = 0; head < kvHeads; head++)
            {
                for (int block = 0; block < shape.Blocks; block++)
                {
                    gather.Add((head * blocks) + one.Blocks[Math.Min(block, one.Blocks.Count - 1)]);
                }
            }
        }

        Gather = Upload.Of(gather, placement);
        _masks = new Tensor[tokens];
        for (int token = 0; token < tokens; token++)
        {
            _masks[token] = MaskOf(sequences, token, placement).to(placement.Type);
        }

        Mask = _masks[0];
    }

    public DecodeRun Shape { get; }

    /// <summary>Text blocks, <c>[sequences · kv heads · blocks]</c>; behind a sequence's last one, that one again.</summary>
    public Tensor Gather { get; }

    /// <summary>What is added to the text's scores, <c>[sequences, 1, 1, columns]</c>: 0 up to the token itself, −∞ behind it.</summary>
    public Tensor Mask { get; private set; }

    public void Begin(int token) => Mask = _masks[token];

    private Tensor MaskOf(ReadOnlySpan<DecodeWork> sequences, int token, Placement placement)
    {
        int columns = Shape.Blocks * KvLayout.BlockSize;
        float[] mask = new float[sequences.Length * columns];
        for (int row = 0; row < sequences.Length; row++)
        {
            int seen = sequences[row].Length + token + 1;
            mask.AsSpan((row * columns) + seen, columns - seen).Fill(float.NegativeInfinity);
        }

        return Upload.Of(mask, placement, sequences.Length, 1, 1, columns);
    }
}
