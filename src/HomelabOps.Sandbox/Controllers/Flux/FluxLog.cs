using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>What Flux' controllers write, as lines of JSON with the fields of their runtime. It is read as the log of their pods.</summary>
internal sealed class FluxLog
{
    // As Go writes JSON: quotation marks of other kinds and signs of other scripts stay as they are.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private long _attempts;

    /// <summary>The logs, by the names of the controllers.</summary>
    public IReadOnlyDictionary<string, LogJournal> Journals { get; } = new Dictionary<string, LogJournal>(StringComparer.Ordinal)
    {
        ["source-controller"] = new(),
        ["kustomize-controller"] = new(),
        ["helm-controller"] = new(),
        ["notification-controller"] = new(),
    };

    /// <summary>What each controller writes when it starts; the time stands in it as <c>${ts}</c>.</summary>
    public static IReadOnlyList<string> Start(string controller) =>
    [
        Started("\"logger\":\"controller-runtime.metrics\",\"msg\":\"Starting metrics server\""),
        Started("\"logger\":\"setup\",\"msg\":\"starting manager\""),
        Started("\"msg\":\"starting server\",\"name\":\"health probe\",\"addr\":\"[::]:9440\""),
        Started($"\"msg\":\"successfully acquired lease flux-system/{controller}-leader-election\""),
    ];

    /// <summary>A number for an attempt, which all lines about it carry.</summary>
    public string NewAttempt(int seed) =>
        new Guid(Hash16(string.Create(CultureInfo.InvariantCulture, $"reconcile/{seed}/{Interlocked.Increment(ref _attempts)}"))).ToString("D");

    /// <summary>Writes a line about an object.</summary>
    /// <param name="controller">Who writes it.</param>
    /// <param name="now">Time of the homelab.</param>
    /// <param name="level">info or error.</param>
    /// <param name="message">What is said.</param>
    /// <param name="type">Type of the object.</param>
    /// <param name="name">The object.</param>
    /// <param name="attempt">See <see cref="NewAttempt"/>.</param>
    /// <param name="further">Further fields, in their order.</param>
    public void Write(string controller, DateTimeOffset now, string level, string message, ResourceType type, ObjectName name, string attempt, params ReadOnlySpan<(string Field, JsonNode Value)> further)
    {
        if (!Journals.TryGetValue(controller, out var journal))
        {
            return;
        }

        var line = new JsonObject
        {
            ["level"] = level,
            ["ts"] = Time(now),
            ["msg"] = message,
            ["controller"] = type.Kind.ToLowerInvariant(),
            ["controllerGroup"] = type.Group,
            ["controllerKind"] = type.Kind,
            [type.Kind] = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace },
            ["namespace"] = name.Namespace,
            ["name"] = name.Name,
            ["reconcileID"] = attempt,
        };
        foreach (var (field, value) in further)
        {
            line[field] = value;
        }

        journal.Add(now, line.ToJsonString(Plain));
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Started(string rest) => "{\"level\":\"info\",\"ts\":\"${ts}\"," + rest + "}";

    private static byte[] Hash16(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
}
