using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>A server of its own for each test, and kubectl with the server's kubeconfig and a home of its own.</summary>
public abstract partial class KubectlTest : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("homelabops-").FullName;

    // Services of other clusters are copied into it, which have addresses of theirs.
    protected KubectlTest() => Server = SandboxServer.Start(new SandboxOptions { RuntimeFolder = Path.Combine(_home, "run"), NodeRuntime = Node, ServiceNetwork = null });

    private protected SandboxServer Server { get; }

    /// <summary>What answers for all nodes.</summary>
    private protected TestNodeRuntime Node { get; } = new();

    /// <summary>The program that the tests run; a skipped test where there is none.</summary>
    private protected virtual string Program => KubectlProgram.New;

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Node.Dispose();
        Scratch.Delete(_home);
        GC.SuppressFinalize(this);
    }

    private protected KubectlProcess Start(params string[] arguments) => Start(Program, arguments);

    /// <summary>Starts kubectl with a terminal of this size as its input and output.</summary>
    private protected KubectlProcess StartOnTerminal(int columns, int rows, params string[] arguments) =>
        Start("script", ["-qec", $"stty cols {columns} rows {rows}; exec '{Program}' {string.Join(' ', arguments)}", "/dev/null"]);

    private KubectlProcess Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["KUBECONFIG"] = Server.KubeConfigPath;
        start.Environment["HOME"] = _home;
        start.Environment["TZ"] = "UTC";
        return new(start);
    }

    /// <summary>Runs kubectl to its end; "-" among the arguments reads the text.</summary>
    private protected async Task<KubectlProcess.Result> RunAsync(string[] arguments, string? input = null)
    {
        await using var process = Start(arguments);
        if (input is not null)
        {
            await process.Input.WriteAsync(input);
        }

        process.Input.Close();
        return await process.EndAsync();
    }

    /// <summary>Runs kubectl, which must succeed; gives its output without the last line's end.</summary>
    private protected async Task<string> OkAsync(string commandLine, string? input = null)
    {
        var result = await RunAsync(commandLine.Split(' '), input);
        Assert.True(result.ExitCode == 0, $"kubectl {commandLine} gave {result.ExitCode}: {result.Error}{result.Output}");
        return result.Output.TrimEnd('\n');
    }

    /// <summary>Runs kubectl, which must fail; gives what it says.</summary>
    private protected async Task<string> FailsAsync(string commandLine, int code = 1, string? input = null)
    {
        var result = await RunAsync(commandLine.Split(' '), input);
        Assert.True(result.ExitCode == code, $"kubectl {commandLine} gave {result.ExitCode}: {result.Error}{result.Output}");
        return result.Error.TrimEnd('\n');
    }

    private protected async Task<JsonNode> JsonAsync(string commandLine) => JsonNode.Parse(await OkAsync(commandLine + " -o json"))!;

    /// <summary>Creates objects, status included, without kubectl.</summary>
    private protected void Seed(string yaml)
    {
        foreach (var document in yaml.Split("---\n"))
        {
            var node = YamlBody.Read(Encoding.UTF8.GetBytes(document))!.AsObject();
            var (kind, version) = Server.Context.Kinds.FindKind((string)node["apiVersion"]!, (string)node["kind"]!)!.Value;
            var created = Server.Services.Writer.Create(kind, version, kind.Namespaced ? (string?)node["metadata"]!["namespace"] ?? "default" : null, node.DeepClone().AsObject(), CallOptions.Default);
            if (node["status"] is { } status)
            {
                Server.Services.Writer.Update(kind, version, created.Object.Key, present => With(present, status), CallOptions.Default with { Subresource = "status" });
            }
        }
    }

    private static JsonObject With(JsonObject item, JsonNode status)
    {
        item["status"] = status.DeepClone();
        return item;
    }

    /// <summary>The lines of a table with each run of blanks as one bar, for tables whose ages differ.</summary>
    private protected static string[] Rows(string table) => [.. table.Split('\n').Select(line => Blanks.Replace(line.TrimEnd(), "|"))];

    [GeneratedRegex(" {2,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks { get; }
}
