namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>What the processes of a container see of the world.</summary>
internal sealed record ProcessContext
{
    public required MountTable Files { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required ProgramTable Programs { get; init; }

    public required IProcessTime Time { get; init; }

    /// <summary>Somebody types and looks on.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>Connects to a host and a port over TCP; gives the words of the failure, or null where somebody answers.</summary>
    public Func<string, int, string?> Dial { get; init; } = (_, _) => "Network is unreachable";

    /// <summary>Told by a program that serves the files of a folder on a port.</summary>
    public Action<int, string> Listen { get; init; } = (_, _) => { };

    public string HostName { get; init; } = "localhost";

    public string WorkingFolder { get; init; } = "/";
}
