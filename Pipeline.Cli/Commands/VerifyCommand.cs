using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Display;
using Pipeline.Model.Engine;
using Pipeline.Model.Verification;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline verify FOLDER</c>.</summary>
internal static class VerifyCommand
{
    private const int CaseWidth = 28;
    private const int CheckWidth = 46;

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Results of the reference implementation, in the layout of the golden data." };
        var tokenizer = new Option<string?>("--tokenizer") { Description = "A folder with tokenizer.json and vectors.json to compare as well." };
        var failures = new Option<bool>("--failures") { Description = "Print what failed or was skipped, not what passed." };
        var placement = new PlacementOptions();
        var command = new Command(
            "verify", "Compare this implementation with the reference's results: ids, crops, tensors, tokens. With --device, --dtype or --quantization: answers made there and in these numbers.")
        {
            folder, tokenizer, failures,
        };
        placement.AddTo(command);
        command.SetAction(parsed =>
        {
            var (place, usual) = (placement.Read(parsed, new EngineOptions()), new EngineOptions());
            return Run(terminal, () => place == usual
                ? ReferenceVerifier.Run(parsed.GetRequiredValue(folder), parsed.GetValue(tokenizer))
                : ReferenceVerifier.RunOn(parsed.GetRequiredValue(folder), place), parsed.GetValue(failures));
        });
        return command;
    }

    private static int Run(Terminal terminal, Func<IEnumerable<CheckResult>> verify, bool onlyFailures)
    {
        int[] counts = new int[3];
        terminal.Line(Row("case", "check", "error", "tolerance", "verdict"));
        try
        {
            foreach (CheckResult result in verify())
            {
                counts[(int)result.Verdict]++;
                if (!onlyFailures || result.Verdict != Verdict.Passed)
                {
                    Print(terminal, result);
                }
            }
        }
        catch (DirectoryNotFoundException e)
        {
            throw CommandException.Usage(e.Message);
        }

        int failed = counts[(int)Verdict.Failed];
        terminal.Line($"{counts[(int)Verdict.Passed]} passed, {failed} failed, {counts[(int)Verdict.Skipped]} skipped");
        return failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Print(Terminal terminal, CheckResult result)
    {
        string error = result.Error is { } value ? value.ToString("0.0e+00", CultureInfo.InvariantCulture) : "";
        string tolerance = result.Tolerance == 0 ? "exact" : result.Tolerance.ToString("0.0e+00", CultureInfo.InvariantCulture);
        string verdict = result.Verdict switch { Verdict.Passed => "passed", Verdict.Failed => "FAILED", _ => "skipped" };
        terminal.Line(Row(result.Case, result.Check, error, tolerance, result.Note is null ? verdict : $"{verdict}: {result.Note}"));
    }

    private static string Row(string name, string check, string error, string tolerance, string verdict) =>
        $"{name.PadRight(CaseWidth)} {check.PadRight(CheckWidth)} {error,9} {tolerance,9}  {verdict}";
}
