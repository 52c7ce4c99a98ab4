using System.Text;
using Pipeline.Model.Benchmarking;
using Pipeline.Model.Configuration;

namespace Pipeline.Cli.Display;

/// <summary>A benchmark's results as a Markdown page to commit.</summary>
internal static class BenchPage
{
    public static string Write(EngineBenchmarkReport report, string commandLine)
    {
        var page = new StringBuilder();
        page.AppendLine($"""
            # Engine speed: {report.Model}

            {report.Date:yyyy-MM-dd}, version {report.Revision}, `{commandLine}`

            {report.Machine}
            - Load average (1 minute): {report.LoadBefore} before, {report.LoadAfter} after, of which the benchmark itself is up to {report.Threads}

            {Geometry(report.Config)}, {(report.RandomWeights ? "random" : "its own")} weights, {report.Numerics} on {report.Device}{(report.Card is { } card ? $" ({card})" : "")}, {report.Threads} threads. At most {report.Results[0].Repetitions[0].Statistics.MaxNumSeqs} answers at a time.
            The images of a run were made of {report.ImageFiles} JPEGs before the clock started; {report.DistinctCrops:P1} of their crops are different.
            Medians of {report.Results[0].Repetitions.Count} repetition(s), all workloads in turn.
            """);
        foreach (var table in BenchTables.Of(report))
        {
            Append(page, table);
        }

        page.AppendLine().AppendLine(Notes);
        return page.ToString();
    }

    private const string Notes = """
        ## How to read it

        - *GEMM*: a product of two square matrices (side 1,024 on a CPU, 8,192 elsewhere) in the same process, in the model's numbers, all threads, median of 7 before and 7 after each run, while the engine is
          idle. Ratios are computed run by run, then the median is taken.
        - *Needed*: FLOPs that the answers need, matrix products alone, whatever the engine executes; time from the first JPEG's bytes to the last text.
          *Nothing shared* counts vision and image prefill once a prompt, so that sharing them shows as a gain, possibly above 100 %; *image counted once*
          counts them once an image: what the machine has to do. For one prompt an image the two are the same. *Goal* is of the second reading.
        - *× reference*: the first reading ÷ that of the Python reference at its best on a machine of this kind, where it was measured (v2: captions 36 %, five
          questions 42 %; v1: 33 %, 41 %; with the image counted once, questions 8.6 % and 9.1 %).
        - *Batch fill*: mean sequences of a decode step ÷ the most allowed. *Idle*: the engine has nothing to do. *Other*: scheduling, texts, start and end.
        - *Preprocessing* (decoding, cutting into crops) runs on other threads beside the engine, and is no part of the total; it takes cores from it.
        - *Both*: prefill of image and text. *Sequences*: of the mean decode step, which takes *step ms*. *Bare ms*: the matrix products of such a step, with
          as much context, and nothing else; timed right behind each run, as the library computes them from weights as stored. *bare ÷ step* above
          100 %: the engine's own products are faster than the library's.
        - *Roofline*: the time of the FLOPs needed at the GEMM rate, vision and prefill, and then of decode, which can be no faster than its weights (once a step), the images' and the
          texts' keys and values (once each) are read at the rate of a copy of 256 MiB (2 GiB on a card).
        - *H100 images/s*, for models of the published size: the same roofline of an H100 in bfloat16 at 790 TFLOP/s and 3.0 TB/s, for the same answers and as many of them at a time. 64 captions of 100
          tokens at a time: 13 images/s for v2, 34 for v1.
        - *MFU*: FLOPs needed ÷ time of the stage ÷ what the card's maker gives for dense products in bfloat16, where that is known (H100: 989 TFLOP/s). Decode waits for memory, so that its own is low.
        - *Peak*: most memory resident during a run, weights and the benchmark's own images included. *Card*: of a card's memory, what was taken right behind the run, by whomever.
        """;

    private static string Geometry(DragonflyConfig config) =>
        $"Dragonfly v{(int)config.Version}: {config.Crops} crops of {config.Vision.ImageSize} px in patches of {config.Vision.PatchSize}, "
        + $"vision {config.Vision.NumHiddenLayers} × {config.Vision.HiddenSize}, language {config.Language.NumHiddenLayers} × {config.Language.HiddenSize}, "
        + $"{config.ImagePositions:N0} positions an image";

    private static void Append(StringBuilder page, TitledTable table)
    {
        page.AppendLine().AppendLine($"## {table.Title}").AppendLine();
        page.AppendLine($"| {string.Join(" | ", table.Columns)} |");
        page.AppendLine($"|{string.Concat(Enumerable.Repeat("---|", table.Columns.Count))}");
        foreach (var row in table.Rows)
        {
            page.AppendLine($"| {string.Join(" | ", row)} |");
        }
    }
}
