using System.CommandLine;
using System.Runtime.InteropServices;
using Pipeline.Model.Native;
using Train;
using Train.Runs;

var recipe = new Option<string>("--recipe") { Description = $"Which model: {string.Join(" or ", Recipe.Names)}.", Required = true };
recipe.AcceptOnlyFromAmong([.. Recipe.Names]);
var output = new Option<string>("--out") { Description = "Folder for the checkpoint, its curves and the state to go on from.", Required = true };
var start = new Option<string?>("--start") { Description = "Checkpoint folder whose weights to start from, of any version and the recipe's sizes; without it from nothing." };
var seed = new Option<int>("--seed") { Description = "Of the first weights and of the scenes, 0 to 65535.", DefaultValueFactory = _ => 1 };
var resume = new Option<bool>("--resume") { Description = "Go on with the run whose state is in the folder." };
var command = new RootCommand("Trains a small Dragonfly on scenes.") { recipe, output, start, seed, resume };
command.Validators.Add(result =>
{
    if (result.GetValue(seed) is < 0 or > 65_535)
    {
        result.AddError($"--seed {result.GetValue(seed)} is not 0 to 65535.");
    }
});
command.SetAction(parsed =>
{
    TorchRuntime.EnsureLoaded();
    using var stop = new CancellationTokenSource();
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    TrainingRun.Start(Recipe.Of(parsed.GetRequiredValue(recipe)), parsed.GetRequiredValue(output), parsed.GetValue(start), parsed.GetValue(seed), parsed.GetValue(resume), Console.Out, TimeProvider.System, stop.Token);
});
return command.Parse(args).Invoke();
