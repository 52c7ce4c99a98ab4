using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>Collects the checks of one case. Whatever a check throws is that check's failure, not the end of the run.</summary>
internal sealed class CheckList(string name)
{
    private readonly List<CheckResult> _results = [];

    public string Name { get; } = name;

    public IReadOnlyList<CheckResult> Results => _results;

    /// <summary>Every element within the tolerance; NaN never is.</summary>
    public void Close(string check, Tensor expected, Tensor actual, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        if (!expected.shape.AsSpan().SequenceEqual(actual.shape))
        {
            Fail(check, tolerance, $"shape [{string.Join(", ", actual.shape)}] where the reference has [{string.Join(", ", expected.shape)}]");
            return;
        }

        Tensor difference = expected.to(ScalarType.Float64).sub_(actual.to(ScalarType.Float64)).abs_();
        Close(check, difference.numel() == 0 ? 0 : difference.max().item<double>(), tolerance);
    }

    /// <summary>As <see cref="Close(string, Tensor, Tensor, double)"/>, where the reference kept the tensor: not every case has all.</summary>
    public void CloseIfKept(ReferenceTensors tensors, string name, Func<Tensor> actual, double tolerance)
    {
        if (tensors.Has(name))
        {
            Close(name, tensors[name], actual(), tolerance);
        }
    }

    public void CloseNumbers(string check, IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance)
    {
        if (expected.Count != actual.Count)
        {
            Fail(check, tolerance, $"{actual.Count} values where the reference has {expected.Count}");
            return;
        }

        double largest = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            double difference = Math.Abs(expected[i] - actual[i]);
            largest = double.IsNaN(difference) ? double.NaN : Math.Max(largest, difference);
        }

        Close(check, largest, tolerance);
    }

    public void Close(string check, double error, double tolerance) =>
        _results.Add(new CheckResult(Name, check, error <= tolerance ? Verdict.Passed : Verdict.Failed, error, tolerance));

    public void Exact<T>(string check, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        T[] left = [.. expected], right = [.. actual];
        int different = left.Length == right.Length ? Enumerable.Range(0, left.Length).Count(i => !Equals(left[i], right[i])) : -1;
        string? note = different switch
        {
            0 => null,
            < 0 => $"{right.Length} values where the reference has {left.Length}",
            _ => Describe(left, right, different),
        };
        _results.Add(new CheckResult(Name, check, note is null ? Verdict.Passed : Verdict.Failed, null, 0, note));
    }

    public void Fail(string check, double tolerance, string note) => _results.Add(new CheckResult(Name, check, Verdict.Failed, null, tolerance, note));

    public void Skip(string check, string why) => _results.Add(new CheckResult(Name, check, Verdict.Skipped, null, 0, why));

    /// <summary>Runs some checks; an exception is recorded as the failure of <paramref name="check"/>.</summary>
    public void Run(string check, Action body) => RunWithGradients(check, () =>
    {
        using IDisposable inference = inference_mode();
        body();
    });

    /// <summary>As <see cref="Run"/>, where gradients are looked at.</summary>
    public void RunWithGradients(string check, Action body)
    {
        try
        {
            using DisposeScope scope = NewDisposeScope();
            body();
        }
        catch (Exception e)
        {
            Fail(check, 0, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static string Describe<T>(T[] expected, T[] actual, int different)
    {
        int first = Enumerable.Range(0, expected.Length).First(i => !Equals(expected[i], actual[i]));
        return $"{different} of {expected.Length} differ; at {first} is {actual[first]} where the reference has {expected[first]}";
    }
}
