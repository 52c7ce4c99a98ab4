using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Language;
using Pipeline.Model.Layers;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>A batch on the plain path: explicit positions, causal and padding masks.</summary>
internal sealed class BatchRun(LlamaModel llama, LlamaConfig config, int capacity, int batch) : IDisposable
{
    private readonly KvCache _cache = new(config, capacity, ScalarType.Float32, CPU, batch);

    public KvCache Cache => _cache;

    /// <returns>float32 logits of the last column, <c>[batch, vocabulary]</c>, or of all, <c>[batch, columns, vocabulary]</c></returns>
    public Tensor Prefill(Tensor embeddings, LeftPaddedBatch padded, bool allColumns = false)
    {
        Tensor positions = tensor(padded.Positions, [batch, padded.Length]);
        Tensor hidden = Forward(embeddings, positions, Mask(padded.Mask, padded.Length, 0));
        return llama.Logits(allColumns ? hidden : hidden.select(1, padded.Length - 1));
    }

    /// <summary>Runs columns behind those in the cache.</summary>
    public Tensor Forward(Tensor embeddings, Tensor positions, Tensor? mask, Action<Tensor>? observe = null)
    {
        using RotaryTables rotary = llama.Rotary.At(positions);
        return llama.Forward(embeddings, new AttentionContext(_cache, rotary, mask), observe);
    }

    /// <summary>Greedy tokens of every row; a row whose stop token came goes on, and is cut by the caller.</summary>
    public List<List<int>> Greedy(Tensor logits, int steps, List<long> attention)
    {
        int columns = attention.Count / batch;
        List<List<long>> masks = [.. Enumerable.Range(0, batch).Select(row => attention.GetRange(row * columns, columns))];
        List<List<int>> rows = [.. Enumerable.Range(0, batch).Select(_ => new List<int>())];
        for (int step = 0; step < steps; step++)
        {
            int[] tokens = [.. logits.argmax(1).data<long>().ToArray().Select(id => (int)id)];
            for (int row = 0; row < batch; row++)
            {
                rows[row].Add(tokens[row]);
            }

            if (step + 1 == steps)
            {
                break;
            }

            long[] positions = [.. masks.Select(mask => mask.Sum())];
            masks.ForEach(mask => mask.Add(1));
            Tensor embeddings = llama.Embed(tokens).unsqueeze(1);
            Tensor hidden = Forward(embeddings, tensor(positions, [batch, 1]), Mask([.. masks.SelectMany(mask => mask)], 1, _cache.Length));
            logits = llama.Logits(hidden.select(1, 0));
        }

        return rows;
    }

    /// <summary>
    /// <c>[batch, 1, new columns, all columns]</c>: a large negative number where a column may not be seen. Not −∞: rows of pads see
    /// nothing, and a softmax over nothing but −∞ is NaN.
    /// </summary>
    private Tensor Mask(long[] attention, int columns, int cached)
    {
        Tensor visible = tensor(attention, [batch, 1, 1, cached + columns]).to(ScalarType.Bool);
        Tensor causal = ones([columns, cached + columns], ScalarType.Bool).tril_(cached);
        return zeros([batch, 1, columns, cached + columns]).masked_fill_(visible.logical_and(causal).logical_not(), float.MinValue);
    }

    public void Dispose() => _cache.Dispose();
}
