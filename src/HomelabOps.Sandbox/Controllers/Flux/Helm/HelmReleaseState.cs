using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux.Helm;

/// <summary>What a release has come to, in the fields of its status.</summary>
internal sealed class HelmReleaseState
{
    private const int HistoryLimit = 5;
    private static readonly string[] Counters = ["failures", "installFailures", "upgradeFailures"];

    private readonly JsonObject _item;
    private readonly FluxStatus _status;
    private readonly string _digest;
    private readonly JsonObject? _last;

    public HelmReleaseState(JsonObject item, FluxStatus status, string chart, string version)
    {
        (_item, _status, Chart, Version) = (item, status, chart, version);
        _digest = Digest(item["spec"]?["values"]?.ToJsonString() ?? "");
        _last = Cells.Items(status.Fields, "history").FirstOrDefault();
    }

    public string Chart { get; }

    public string Version { get; }

    public ObjectName Name => NameOf(_item);

    public string Storage => Cells.Text(_item, "spec.storageNamespace", ObjectName.Of(_item).Namespace);

    /// <summary>Number of the release that is made now.</summary>
    public long Number => (_last is null ? 0 : Cells.Number(_last, "version")) + 1;

    /// <summary>What is deployed is what is wanted.</summary>
    public bool IsDeployed => _last is not null && Cells.Text(_last, "status") == "deployed" && Cells.Text(_last, "chartVersion") == Version && Cells.Text(_last, "configDigest") == _digest;

    /// <summary>It ran out of retries.</summary>
    public bool IsStalled { get; private set; }

    private string Action => _last is null ? "Install" : "Upgrade";

    /// <summary>The name that Helm knows a release by.</summary>
    public static ObjectName NameOf(JsonObject item)
    {
        var ((space, name), target) = (ObjectName.Of(item), Cells.Text(item, "spec.targetNamespace"));
        return new(target.Length > 0 ? target : space, Cells.Text(item, "spec.releaseName", target.Length > 0 ? $"{target}-{name}" : name));
    }

    /// <summary>Whether this request asks for a release in any case; one to reset the counters is carried out on the way.</summary>
    public bool IsForced()
    {
        if (IsAsked("resetAt", "lastHandledResetAt"))
        {
            Reset();
        }

        return IsAsked("forceAt", "lastHandledForceAt");
    }

    /// <summary>An attempt begins.</summary>
    public void Begin()
    {
        _status.Fields["lastAttemptedRevision"] = Version;
        _status.Fields["lastAttemptedGeneration"] = Cells.Number(_item, "metadata.generation");
        _status.Fields["lastAttemptedReleaseAction"] = Action.ToLowerInvariant();
        _status.Fields["lastAttemptedConfigDigest"] = _digest;
        _status.Fields["storageNamespace"] = Storage;
    }

    /// <summary>It is deployed.</summary>
    public (string Reason, string Message) Succeed()
    {
        var entries = Cells.Items(_status.Fields, "history").Select(entry => entry.DeepClone().AsObject()).ToList();
        entries.ForEach(entry => entry["status"] = "superseded");
        entries.Insert(0, new JsonObject
        {
            ["name"] = Name.Name,
            ["namespace"] = Name.Namespace,
            ["version"] = Number,
            ["status"] = "deployed",
            ["chartName"] = Chart,
            ["chartVersion"] = Version,
            ["configDigest"] = _digest,
            ["digest"] = Digest($"{Name} {Number} {Chart} {Version} {_digest}"),
            ["firstDeployed"] = entries.Count > 0 ? Cells.Text(entries[^1], "firstDeployed") : _status.Now,
            ["lastDeployed"] = _status.Now,
        });
        var (reason, message) = ($"{Action}Succeeded", $"Helm {Action.ToLowerInvariant()} succeeded for release {Name}.v{Number} with chart {Chart}@{Version}");
        _status.Fields["history"] = new JsonArray([.. entries.Take(HistoryLimit)]);
        Reset();
        _status.Remove("Remediated");
        _status.Set("Released", "True", reason, message);
        return (reason, message);
    }

    /// <summary>Helm failed. What was there before is rolled back to; without retries left it stalls.</summary>
    public (string Reason, string Message) Fail(string why)
    {
        var (verb, counter) = (Action.ToLowerInvariant(), $"{Action.ToLowerInvariant()}Failures");
        var (reason, message) = ($"{Action}Failed", $"Helm {verb} failed for release {Name} with chart {Chart}@{Version}: {why}");
        _status.Fields["failures"] = Cells.Number(_status.Fields, "failures") + 1;
        _status.Fields[counter] = Cells.Number(_status.Fields, counter) + 1;
        _status.Set("Released", "False", reason, message);
        if (_last is not null)
        {
            _status.Set("Remediated", "True", "RollbackSucceeded", $"Helm rollback succeeded for release {Name}");
        }

        var retries = Cells.Number(_item, $"spec.{verb}.remediation.retries");
        IsStalled = retries >= 0 && Cells.Number(_status.Fields, counter) > retries;
        if (IsStalled)
        {
            _status.Stall("RetriesExceeded", $"Failed to {verb} after {Cells.Number(_status.Fields, counter)} attempt(s)");
            _status.Set("Ready", "False", reason, message);
        }

        return (reason, message);
    }

    private bool IsAsked(string annotation, string handled)
    {
        // Only with the very value of the request, as the real controller has it.
        var token = (string?)_item["metadata"]?["annotations"]?[$"reconcile.fluxcd.io/{annotation}"];
        if (token is null || token != _status.Token || token == Cells.Text(_status.Fields, handled))
        {
            return false;
        }

        _status.Fields[handled] = token;
        return true;
    }

    private void Reset() => Array.ForEach(Counters, counter => _status.Fields.Remove(counter));

    private static string Digest(string text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
