using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>What goes wrong with MetalLB's Secret. Each is done to the cluster itself; switched off, it is mended.</summary>
/// <param name="client">The API.</param>
/// <param name="clock">Time of the homelab.</param>
/// <param name="options">Where MetalLB is.</param>
internal sealed class MetalLBFaults(ClusterClient client, TimeProvider clock, MetalLBOptions options)
{
    private const string OtherName = "metallb-webhook-cert-renamed";
    private const string Flag = "--disable-cert-rotation";

    /// <summary>The Secret is not there; mended, it is there and empty.</summary>
    public async Task SecretMissingAsync(bool isOn, CancellationToken cancellationToken)
    {
        var (_, settings) = await ControllerAsync(cancellationToken);
        if (isOn)
        {
            await DeleteAsync(settings.Secret, cancellationToken);
        }
        else
        {
            await CreateAsync(settings.Secret, null, cancellationToken);
        }
    }

    /// <summary>The Secret has another name than the controller looks for.</summary>
    public async Task SecretRenamedAsync(bool isOn, CancellationToken cancellationToken)
    {
        var (_, settings) = await ControllerAsync(cancellationToken);
        var (from, to) = isOn ? (settings.Secret, OtherName) : (OtherName, settings.Secret);
        var present = await client.FindObjectAsync(Types.Secret, options.Namespace, from, cancellationToken);
        await CreateAsync(to, present?["data"] as JsonObject, cancellationToken);
        await DeleteAsync(from, cancellationToken);
    }

    /// <summary>The pair has expired, and nobody rotates it.</summary>
    public async Task SecretExpiredAsync(bool isOn, CancellationToken cancellationToken)
    {
        var (deployment, settings) = await ControllerAsync(cancellationToken);
        var containers = (JsonArray)deployment["spec"]!["template"]!["spec"]!["containers"]!.DeepClone();
        var container = containers.OfType<JsonObject>().First(item => Text(item, "name") is "controller" or "metallb-controller");
        var arguments = (container["args"] as JsonArray ?? []).Select(argument => (string?)argument ?? "").Where(argument => argument != Flag).ToList();
        if (isOn)
        {
            arguments.Add(Flag);
            var now = clock.GetUtcNow();
            var data = WebhookCertificates.New($"{settings.Service}.{options.Namespace}.svc", now.AddYears(-1), now.AddDays(-1));
            await client.PatchAsync(Types.Secret, options.Namespace, settings.Secret, PatchKind.Merge, new JsonObject { ["data"] = data }, cancellationToken);
        }

        container["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        await client.PatchAsync(Types.Deployment, options.Namespace, Text(deployment, "metadata.name"), PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } } } }, cancellationToken);
    }

    private async Task<(JsonObject Deployment, MetalLBSettings Settings)> ControllerAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in client.ListAsync(Types.Deployment, new ListQuery { Namespace = options.Namespace }, Core.Kubernetes.Objects.ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            if (MetalLBSettings.IsController(item.Json) && MetalLBSettings.Of(item.Json["spec"]?["template"]?["spec"]) is { } settings)
            {
                return (item.Json, settings);
            }
        }

        throw new InvalidOperationException($"MetalLB's controller is not in {options.Namespace}.");
    }

    private async Task CreateAsync(string name, JsonObject? data, CancellationToken cancellationToken)
    {
        if (await client.FindObjectAsync(Types.Secret, options.Namespace, name, cancellationToken) is null)
        {
            var secret = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = options.Namespace }, ["type"] = "Opaque" };
            if (data is not null)
            {
                secret["data"] = data.DeepClone();
            }

            await client.CreateAsync(Types.Secret, options.Namespace, secret, cancellationToken);
        }
    }

    private async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (await client.FindObjectAsync(Types.Secret, options.Namespace, name, cancellationToken) is not null)
        {
            await client.DeleteAsync(Types.Secret, options.Namespace, name, new DeleteRequest(), cancellationToken);
        }
    }
}
