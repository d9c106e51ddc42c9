using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace HomelabOps.Testing;

/// <summary>A runspace of the real engine in this process, with the built module imported.</summary>
internal sealed class Engine : IDisposable
{
    public Engine(bool import = true, bool hasFileSystem = true, PSHost? host = null)
    {
        var state = InitialSessionState.CreateDefault2();
        if (!hasFileSystem)
        {
            state.Providers.Remove("FileSystem", typeof(SessionStateProviderEntry));
        }

        Runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        Runspace.Open();
        if (import)
        {
            Run($"Import-Module '{Build.Manifest}'").ThrowIfFailed();
        }
    }

    public Runspace Runspace { get; }

    public void Dispose() => Runspace.Dispose();

    public Result Run(string script, params (string Name, object? Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            Runspace.SessionStateProxy.SetVariable(name, value);
        }

        using var shell = Start(script);
        var output = new List<PSObject>();
        ErrorRecord? terminating = null;
        try
        {
            output.AddRange(shell.Invoke());
        }
        catch (RuntimeException error)
        {
            terminating = error.ErrorRecord;
        }

        return new Result(
            output,
            [.. shell.Streams.Error, .. terminating is null ? Array.Empty<ErrorRecord>() : [terminating]],
            [.. shell.Streams.Warning.Select(warning => warning.Message)]);
    }

    public PowerShell Start(string script)
    {
        var shell = PowerShell.Create(Runspace);
        shell.AddScript(script);
        return shell;
    }

    internal sealed record Result(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings)
    {
        public IEnumerable<string?> Strings => Output.Select(item => (string?)LanguagePrimitives.ConvertTo(item, typeof(string), System.Globalization.CultureInfo.InvariantCulture));

        /// <summary>First part of the error ids; PowerShell appends the command's type.</summary>
        public IEnumerable<string> ErrorIds => Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]);

        public Result ThrowIfFailed() => Errors.Count == 0
            ? this
            : throw new InvalidOperationException(string.Join('\n', Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error}\n{error.ScriptStackTrace}\n{error.Exception}")));

        public IEnumerable<object?> Values(string property) => Output.Select(item => item.Properties[property].Value);
    }
}
