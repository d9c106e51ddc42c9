namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>What the processes of a container see of the world.</summary>
internal sealed record ProcessContext
{
    public required MountTable Files { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required ProgramTable Programs { get; init; }

    public required IProcessTime Time { get; init; }

    /// <summary>What runs in the container.</summary>
    public ProcessTable Processes { get; init; } = new();

    /// <summary>Somebody types and looks on.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>Connects to a host and a port over TCP; gives the words of the failure, or null where somebody answers.</summary>
    public Func<string, int, string?> Dial { get; init; } = (_, _) => "Network is unreachable";

    /// <summary>The addresses of a name, and the name in full; none for one that nobody knows.</summary>
    public Func<string, (string Name, IReadOnlyList<string> Addresses)> Resolve { get; init; } = name => (name, []);

    /// <summary>Opens a connection to an address and a port; gives the words of the failure where that does not succeed.</summary>
    public Func<string, int, (Stream? Stream, string Failure)> Connect { get; init; } = (_, _) => (null, "Network is unreachable");

    /// <summary>Told by a program that serves the files of a folder on a port.</summary>
    public Action<int, string> Listen { get; init; } = (_, _) => { };

    public ProcessUser User { get; init; } = ProcessUser.Root;

    public string HostName { get; init; } = "localhost";

    public string WorkingFolder { get; init; } = "/";
}
