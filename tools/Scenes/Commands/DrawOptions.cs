using System.CommandLine;

namespace Scenes.Commands;

/// <summary>Which held-out scenes a command draws.</summary>
internal sealed class DrawOptions
{
    private readonly Option<int> _count;
    private readonly Option<int> _seed = Within("--seed", "Which held-out draw.", 0, 0, 65_535);
    private readonly Option<int> _cropSize = Within("--crop-size", "Side in pixels of the crops of the model that the scenes are for.", 32, 32, 336);

    public DrawOptions(Command command, int defaultCount)
    {
        _count = Within("--count", "Scenes to draw.", defaultCount, 1, 1 << 24);
        command.Add(_count);
        command.Add(_seed);
        command.Add(_cropSize);
    }

    public SceneOptions Scenes(ParseResult parsed) => new() { CropSize = parsed.GetValue(_cropSize) };

    public IEnumerable<long> Seeds(ParseResult parsed) =>
        Enumerable.Range(0, parsed.GetValue(_count)).Select(index => SceneSeeds.HeldOut(parsed.GetValue(_seed), index));

    private static Option<int> Within(string name, string description, int value, int least, int most)
    {
        var option = new Option<int>(name) { Description = $"{description} {least:N0} to {most:N0}.", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var given) && (given < least || given > most))
            {
                result.AddError($"{name}: {given} must be {least:N0} to {most:N0}.");
            }
        });
        return option;
    }
}
