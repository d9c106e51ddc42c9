using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>What a server answered.</summary>
internal sealed record ApiAnswer(string Request, int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    private JsonNode? _json;

    public JsonObject Json => (_json ??= JsonNode.Parse(Text))!.AsObject();

    /// <summary>The value at a path as in "spec.ports[0].port": strings as they are, everything else as JSON; null when there is none.</summary>
    public string? this[string path] => JsonPlace.Text(Json, path);

    public JsonNode? At(string path) => JsonPlace.Find(Json, path);

    public ApiAnswer Ok() => Expect(200);

    public ApiAnswer Created() => Expect(201);

    public ApiAnswer Expect(int status)
    {
        Assert.True(Status == status, $"{Request}: {Status} instead of {status}: {Text}");
        return this;
    }

    /// <summary>The answer must be a Status that says so.</summary>
    public ApiAnswer Fails(int code, string reason, string? message = null)
    {
        Expect(code);
        Assert.Equal(("Status", "v1", "Failure", code.ToString(System.Globalization.CultureInfo.InvariantCulture)), (this["kind"], this["apiVersion"], this["status"], this["code"]));
        Assert.Equal(reason, this["reason"] ?? "");
        Assert.True(message is null || message == this["message"], $"{Request}: {this["message"]}\ninstead of: {message}");
        return this;
    }

    /// <summary>The answer must be a Status that names the fields that are wrong; a real server names one twice when two of its layers check it.</summary>
    public ApiAnswer Invalid(params (string Field, string Reason)[] causes)
    {
        Fails(422, "Invalid");
        Assert.Equal(causes, Json["details"]!["causes"]!.AsArray().Select(cause => ((string?)cause!["field"] ?? "", (string?)cause["reason"] ?? "")).Distinct());
        return this;
    }

    /// <summary>Names of the items of a list.</summary>
    public string[] Names() => [.. Json["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];
}
