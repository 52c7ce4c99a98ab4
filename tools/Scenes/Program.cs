using System.CommandLine;
using Scenes.Commands;

return new RootCommand("Draws scenes with their ground truth, and makes the tokenizer of their language.")
{
    WriteCommand.Create(),
    SheetCommand.Create(),
    TokenizerCommand.Create(),
}.Parse(args).Invoke();
