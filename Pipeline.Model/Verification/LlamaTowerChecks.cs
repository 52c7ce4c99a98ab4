using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;
using Pipeline.Model.Language;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>A Llama by itself: rotary tables, every layer, the KV cache, batches with padding, greedy tokens.</summary>
internal static class LlamaTowerChecks
{
    private const string GreedyTensor = "greedy_from_first";
    private const int MostGreedySteps = 256;

    public static IReadOnlyList<CheckResult> Run(string name, string folder, string tensorFile)
    {
        var checks = new CheckList($"towers/{name}");
        checks.Run("tower", () =>
        {
            LlamaConfig config = CheckpointFolder.ReadLanguage(Path.Combine(folder, "config.json"));
            using WeightFiles weights = WeightFiles.Open(folder);
            using var tensors = new ReferenceTensors(tensorFile);
            int positions = (int)tensors.Integers("position_ids").Max() + MostGreedySteps + 1;
            using var llama = new LlamaModel(new WeightSource(weights, Placement.Cpu), config, positions);
            checks.Exact("tied head has no tensor of its own", [!config.TieWordEmbeddings], [weights.Has("lm_head.weight")]);
            checks.Run("whole", () => Whole(checks, tensors, llama, config));
            checks.Run("incremental", () => Incremental(checks, tensors, llama, config));
            checks.Run("batch", () => Batch(checks, tensors, llama, config));
            checks.Run("greedy", () => Greedy(checks, tensors, llama, config));
        });
        return checks.Results;
    }

    private static void Whole(CheckList checks, ReferenceTensors tensors, LlamaModel llama, LlamaConfig config)
    {
        Tensor ids = tensors["input_ids"], positions = tensors["position_ids"];
        int batch = (int)ids.size(0), tokens = (int)ids.size(1);
        checks.Close("inv_freq", tensors["inv_freq"], RotaryEmbedding.InverseFrequencies(config), Tolerances.Towers);
        using RotaryTables tables = llama.Rotary.At(positions);
        checks.Close("cos", tensors["cos"], tables.Cos.squeeze(1), Tolerances.Towers);
        checks.Close("sin", tensors["sin"], tables.Sin.squeeze(1), Tolerances.Towers);

        List<Tensor> layers = [Embed(llama, ids)];
        using var run = new BatchRun(llama, config, tokens, batch);
        Tensor hidden = run.Forward(layers[0], positions, LlamaModel.CausalMask(tokens, 0, layers[0]), output => layers.Add(output.clone().MoveToOuterDisposeScope()));
        layers[^1] = llama.FinalNorm.Forward(layers[^1]);
        foreach (var (index, layer) in layers.Index())
        {
            checks.Close($"hidden_states.{index}", tensors[$"hidden_states.{index}"], layer, Tolerances.Towers);
        }

        checks.Close("logits", tensors["logits"], llama.Logits(hidden), Tolerances.Towers);
    }

    private static void Incremental(CheckList checks, ReferenceTensors tensors, LlamaModel llama, LlamaConfig config)
    {
        Tensor positions = tensors["position_ids"], embeddings = Embed(llama, tensors["input_ids"]);
        int batch = (int)embeddings.size(0), tokens = (int)embeddings.size(1);
        int prefill = (int)tensors["cache_key.0"].size(2); // the reference's incremental run: a prefill of so many tokens, then single steps
        using var run = new BatchRun(llama, config, tokens, batch);
        List<Tensor> parts = [run.Forward(embeddings.narrow(1, 0, prefill), positions.narrow(1, 0, prefill), LlamaModel.CausalMask(prefill, 0, embeddings))];
        var (keys, values) = run.Cache.Read(layer: 0);
        checks.Close("cache_key.0", tensors["cache_key.0"], keys, Tolerances.Towers);
        checks.Close("cache_value.0", tensors["cache_value.0"], values, Tolerances.Towers);
        for (int token = prefill; token < tokens; token++)
        {
            parts.Add(run.Forward(embeddings.narrow(1, token, 1), positions.narrow(1, token, 1), null));
        }

        checks.Close("logits_incremental", tensors["logits_incremental"], llama.Logits(cat(parts, 1)), Tolerances.Towers);
    }

    private static void Batch(CheckList checks, ReferenceTensors tensors, LlamaModel llama, LlamaConfig config)
    {
        Tensor ids = tensors["batch_input_ids"];
        int batch = (int)ids.size(0), tokens = (int)ids.size(1);
        long[] mask = [.. tensors.Integers("batch_attention_mask")];
        var padded = new LeftPaddedBatch(tokens, [.. tensors.Integers("batch_input_ids")], mask, [], [.. tensors.Integers("batch_position_ids")]);
        long[] derived = [.. Enumerable.Range(0, batch).SelectMany(row => Positions(mask[(row * tokens)..((row + 1) * tokens)]))];
        checks.Exact("batch_position_ids", padded.Positions, derived);
        long[] expected = [.. tensors.Integers("greedy_batch")];
        int columns = expected.Length / batch;
        using var run = new BatchRun(llama, config, columns, batch);
        Tensor hidden = run.Prefill(Embed(llama, ids), padded, allColumns: true);
        Tensor meant = tensors["batch_attention_mask"].to(ScalarType.Bool).unsqueeze(-1); // rows of pads mean nothing
        checks.Close("batch_logits", tensors["batch_logits"].masked_fill(meant.logical_not(), 0), hidden.masked_fill(meant.logical_not(), 0), Tolerances.Towers);
        var rows = run.Greedy(hidden.select(1, tokens - 1), columns - tokens, [.. mask]);
        checks.Exact("greedy_batch", Enumerable.Range(0, batch).SelectMany(row => expected[((row * columns) + tokens)..((row + 1) * columns)]), rows.SelectMany(row => row).Select(id => (long)id));
    }

    private static void Greedy(CheckList checks, ReferenceTensors tensors, LlamaModel llama, LlamaConfig config)
    {
        string name = tensors.Names.Single(tensor => tensor.StartsWith(GreedyTensor, StringComparison.Ordinal));
        int prompted = int.Parse(name[GreedyTensor.Length..]);
        Tensor ids = tensors["input_ids"].narrow(1, 0, prompted);
        int batch = (int)ids.size(0), columns = (int)tensors[name].size(1);
        long[] mask = [.. Enumerable.Repeat(1L, batch * prompted)];
        long[] positions = [.. Enumerable.Range(0, batch).SelectMany(_ => Enumerable.Range(0, prompted)).Select(position => (long)position)];
        using var run = new BatchRun(llama, config, columns, batch);
        Tensor logits = run.Prefill(Embed(llama, ids), new LeftPaddedBatch(prompted, [], mask, [], positions));
        var rows = run.Greedy(logits, columns - prompted, [.. mask]);
        long[] prompt = ids.contiguous().data<long>().ToArray();
        var actual = rows.SelectMany((row, index) => prompt[(index * prompted)..((index + 1) * prompted)].Concat(row.Select(id => (long)id)));
        checks.Exact(name, tensors.Integers(name), actual);
    }

    private static long[] Positions(long[] mask)
    {
        long seen = 0;
        return [.. mask.Select(visible => visible == 0 ? 1 : seen++)];
    }

    /// <returns><c>[batch, tokens, hidden]</c></returns>
    private static Tensor Embed(LlamaModel llama, Tensor ids) =>
        llama.Embed([.. ids.contiguous().data<long>().ToArray().Select(id => (int)id)]).view(ids.size(0), ids.size(1), -1);
}
