using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>One call of a simulated program.</summary>
/// <param name="Context">What it sees.</param>
/// <param name="Name">What it was called as.</param>
/// <param name="Arguments">Behind the name.</param>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ProgramCall(ProcessContext Context, string Name, IReadOnlyList<string> Arguments, Stream Input, Stream Output, Stream Error)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = Context.Environment;

    /// <summary>The process that it is; null for what nobody sees as one.</summary>
    public SimulatedProcess? Process { get; init; }

    public string Folder { get; init; } = Context.WorkingFolder;

    /// <summary>The arguments that are no options.</summary>
    public IEnumerable<string> Operands => Arguments.Where(argument => argument == "-" || !argument.StartsWith('-'));

    /// <summary>Whether an option of one letter is given, alone or with others.</summary>
    public bool Has(char option) => Arguments.Any(argument => argument.Length > 1 && argument[0] == '-' && argument[1] != '-' && argument.Contains(option, StringComparison.Ordinal));

    public string Path(string path) => MountTable.Normalize(path, Folder);

    public Task WriteAsync(string text, CancellationToken cancellationToken) => Output.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).AsTask();

    /// <summary>Says what went wrong, after the program's name.</summary>
    /// <returns>The exit code of a program that failed.</returns>
    public async Task<int> FailAsync(string message, CancellationToken cancellationToken, int code = 1)
    {
        await Error.WriteAsync(Encoding.UTF8.GetBytes($"{Name}: {message}\n"), cancellationToken);
        return code;
    }

    public async Task<string> ReadInputAsync(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Input, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>A line of the input without its end; null at the end. Reads no byte more than that.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await Input.ReadAsync(one, cancellationToken) == 1)
        {
            if (one[0] is (byte)'\n' or (byte)'\r')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(one[0]);
        }

        return line.Count == 0 ? null : Encoding.UTF8.GetString([.. line]);
    }
}
