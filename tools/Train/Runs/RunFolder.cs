namespace Train.Runs;

/// <summary>Where a run writes: the checkpoint, the curves, and the state to go on from, which is replaced as a whole.</summary>
internal sealed class RunFolder
{
    public RunFolder(string folder)
    {
        Root = Path.GetFullPath(folder);
        Directory.CreateDirectory(Root);
        // A kill between the two moves of a replacement leaves the state before beside the new one.
        if (!Directory.Exists(State) && Directory.Exists(Old))
        {
            Directory.Move(Old, State);
        }
    }

    public string Root { get; }

    public string Checkpoint => Path.Combine(Root, "checkpoint");

    public string Curves => Path.Combine(Root, "curves.csv");

    public string Plot => Path.Combine(Root, "curves.png");

    public string State => Path.Combine(Root, "state");

    private string Old => State + ".old";

    public static string Numbers(string state) => Path.Combine(state, "run.json");

    public static string Weights(string state) => Path.Combine(state, "weights.safetensors");

    public static string Questions(string state) => Path.Combine(state, "questions.json");

    public static string Optimizer(string state) => Path.Combine(state, "optimizer.bin");

    /// <param name="write">Writes all files of the state into the folder it is given.</param>
    public void Replace(Action<string> write)
    {
        var fresh = State + ".new";
        Delete(fresh);
        Directory.CreateDirectory(fresh);
        write(fresh);
        Delete(Old);
        if (Directory.Exists(State))
        {
            Directory.Move(State, Old);
        }

        Directory.Move(fresh, State);
        Delete(Old);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
