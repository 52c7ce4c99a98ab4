using Pipeline.Jobs.State;

namespace Pipeline.Benchmarks;

/// <summary>A simulated run whose speed changes, looked at every few seconds as the reconciler looks at a real one.</summary>
public sealed class EtaTrace
{
    /// <summary>What changes the speed, one after the other and all together; noise, a model that loads, and a slow last shard are in all of them.</summary>
    public static readonly string[] Kinds = ["steady", "workers", "outages", "folders", "drift", "mixed"];

    private readonly List<(double At, double Share)> _workers = [];
    private readonly List<(double From, double To)> _outages = [];
    private readonly double[] _folders = [1];
    private readonly Random _random;
    private readonly long _total;
    private readonly double _rate;
    private readonly double _step;
    private readonly double _loads;
    private readonly double _noise;
    private readonly double _drift;
    private readonly double _tail;
    private readonly int _shards;

    public EtaTrace(string kind, int seed)
    {
        _random = new Random(HashCode(kind, seed));
        var length = 600 * Math.Pow(36, _random.NextDouble());
        _rate = Between(2, 40);
        _total = (long)(length * _rate);
        _step = Math.Max(2, length / 2_000);
        _loads = Between(0, 0.04) * length;
        _noise = Between(0.05, 0.3);
        _tail = Between(0.97, 1);
        _shards = _random.Next(2, 9);
        var all = kind is "mixed";
        if (all || kind is "workers")
        {
            var workers = (double)_shards;
            _workers.AddRange(Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Between(0, 1.3) * length).Order()
                .Select(at => (at, (workers = Math.Clamp(workers + _random.Next(1, 3) * (_random.Next(2) == 0 ? -1 : 1), 1, 10)) / _shards)));
        }

        if (all || kind is "outages")
        {
            _outages.AddRange(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Between(0.05, 1) * length).Select(from => (from, from + (Between(0.01, 0.06) * length))));
        }

        if (all || kind is "folders")
        {
            _folders = [.. Enumerable.Range(0, _random.Next(4, 31)).Select(_ => Math.Exp(0.35 * Normal()))];
        }

        _drift = all ? Between(-0.2, 0.2) : kind is "drift" ? Between(-0.4, 0.4) : 0;
    }

    /// <summary>The ETA that is shown at a share of the images, and the time that it took from there.</summary>
    public (JobView Shown, double Took) LookAt(double share)
    {
        var (done, noise, seconds) = (0.0, 0.0, 0.0);
        var (replay, shown, at) = (new EtaReplay(_total), (JobView?)null, 0.0);
        while (done < _total)
        {
            noise = (0.9 * noise) + (Math.Sqrt(1 - 0.81) * _noise * Normal());
            var workers = _workers.LastOrDefault(change => seconds >= change.At, (0, 1)).Share;
            var speed = seconds < _loads || _outages.Exists(outage => seconds >= outage.From && seconds < outage.To) ? 0 : _rate * Math.Exp(noise) * workers;
            speed *= _folders[Math.Min(_folders.Length - 1, (int)(done / _total * _folders.Length))] * (1 + (_drift * done / _total)) * (done > _tail * _total ? 0.5 : 1);
            seconds += _step;
            done = Math.Min(_total, done + (speed * _step));
            if (shown is null)
            {
                replay.Look(seconds, (int)done, (int)Math.Round(_shards * workers));
                if (done >= share * _total)
                {
                    (shown, at) = (replay.Show(), seconds);
                }
            }
        }

        return (shown!, seconds - at);
    }

    private double Between(double least, double most) => least + ((most - least) * _random.NextDouble());

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>The same in every process, unlike that of a string.</summary>
    private static int HashCode(string kind, int seed) => kind.Aggregate(seed, (hash, letter) => unchecked((hash * 31) + letter));
}
