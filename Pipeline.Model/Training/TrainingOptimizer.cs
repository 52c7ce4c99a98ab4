using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Model.Training;

/// <summary>AdamW over a model's leaves, in groups with rates of their own; gradients are clipped by their common norm.</summary>
internal sealed class TrainingOptimizer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly AdamW _adam;
    private readonly double[] _rates;
    private readonly double _maxNorm;

    /// <param name="groups">Each with its highest rate. Vectors (norms, biases) are never decayed.</param>
    /// <param name="weightDecay">Of matrices.</param>
    /// <param name="maxNorm">Gradients are scaled down to this norm.</param>
    public TrainingOptimizer(IEnumerable<(IEnumerable<Parameter> Leaves, double Rate)> groups, double weightDecay, double maxNorm)
    {
        var split = groups
            .SelectMany(group => new[] { (Leaves: group.Leaves.Where(leaf => leaf.dim() > 1).ToArray(), group.Rate, Decay: weightDecay), (group.Leaves.Where(leaf => leaf.dim() < 2).ToArray(), group.Rate, 0) })
            .Where(group => group.Leaves.Length > 0).ToArray();
        _parameters = [.. split.SelectMany(group => group.Leaves)];
        _rates = [.. split.Select(group => group.Rate)];
        _adam = optim.AdamW(split.Select(group => new AdamW.ParamGroup(group.Leaves, group.Rate, beta1: 0.9, beta2: 0.98, weight_decay: group.Decay)));
        _maxNorm = maxNorm;
    }

    /// <summary>One step down the gradient of a loss.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="share">Of each group's highest rate.</param>
    /// <returns>The gradients' norm before clipping.</returns>
    public double Step(Tensor loss, double share)
    {
        loss.backward();
        double norm = nn.utils.clip_grad_norm_(_parameters, _maxNorm);
        foreach (var (group, rate) in _adam.ParamGroups.Zip(_rates))
        {
            group.LearningRate = rate * share;
        }

        _adam.step();
        _adam.zero_grad();
        return norm;
    }

    public void Save(string file) => _adam.save_state_dict(file);

    public void Load(string file) => _adam.load_state_dict(file);

    public void Dispose() => _adam.Dispose();
}
