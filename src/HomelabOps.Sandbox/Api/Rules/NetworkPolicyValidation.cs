using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a NetworkPolicy.</summary>
internal static class NetworkPolicyValidation
{
    private const string NoNetwork = "not a valid CIDR";
    private static readonly string[] Directions = ["Ingress", "Egress"];
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];

    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        SelectorValidation.Check(spec["podSelector"], "spec.podSelector", errors);
        foreach (var (direction, peers) in (ReadOnlySpan<(string, string)>)[("ingress", "from"), ("egress", "to")])
        {
            foreach (var (rule, path) in PodValidation.Items(spec, direction, "spec"))
            {
                foreach (var (port, place) in PodValidation.Items(rule, "ports", path))
                {
                    Port(port, place, errors);
                }

                foreach (var (peer, place) in PodValidation.Items(rule, peers, path))
                {
                    Peer(peer, place, errors);
                }
            }
        }

        var types = spec["policyTypes"] as JsonArray ?? [];
        if (types.Count > Directions.Length)
        {
            errors.Add(new("spec.policyTypes", "FieldValueInvalid", $"Invalid value: []networking.PolicyType{{{string.Join(", ", types.Select(type => $"\"{type}\""))}}}: may not specify more than two policyTypes"));
            return;
        }

        for (var index = 0; index < types.Count; index++)
        {
            if (!Directions.Contains((string?)types[index], StringComparer.Ordinal))
            {
                errors.Add(FieldError.NotSupported($"spec.policyTypes[{index}]", types[index], Directions));
            }
        }
    }

    private static void Port(JsonObject port, string path, List<FieldError> errors)
    {
        if (port["protocol"] is { } protocol && !Protocols.Contains((string?)protocol, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.protocol", protocol, Protocols));
        }

        PodValidation.PortReference(port["port"], $"{path}.port", errors);
    }

    private static void Peer(JsonObject peer, string path, List<FieldError> errors)
    {
        SelectorValidation.Check(peer["podSelector"], $"{path}.podSelector", errors);
        SelectorValidation.Check(peer["namespaceSelector"], $"{path}.namespaceSelector", errors);
        if (peer["ipBlock"] is JsonObject block)
        {
            Block(block, $"{path}.ipBlock", errors);
        }

        if (peer["ipBlock"] is not null && peer.Count > 1)
        {
            errors.Add(FieldError.Forbidden(path, "may not specify both ipBlock and another peer"));
        }
        else if (peer.All(field => field.Value is null))
        {
            errors.Add(FieldError.Required(path, "must specify a peer"));
        }
    }

    private static void Block(JsonObject block, string path, List<FieldError> errors)
    {
        var text = (string?)block["cidr"] ?? "";
        if (Network(text) is not { } whole)
        {
            errors.Add(text.Length == 0 ? FieldError.Required($"{path}.cidr") : FieldError.Invalid($"{path}.cidr", text, NoNetwork));
            return;
        }

        var parts = block["except"] as JsonArray ?? [];
        for (var index = 0; index < parts.Count; index++)
        {
            var part = (string?)parts[index] ?? "";
            if (Network(part) is not { } inner)
            {
                errors.Add(FieldError.Invalid($"{path}.except[{index}]", part, NoNetwork));
            }
            else if (!whole.Contains(inner.BaseAddress) || inner.PrefixLength <= whole.PrefixLength)
            {
                errors.Add(FieldError.Invalid($"{path}.except[{index}]", part, "must be a strict subset of `cidr`"));
            }
        }
    }

    // A network is also written with the address of a host in it.
    private static IPNetwork? Network(string text) => text.Split('/') is [var address, var length] && IPAddress.TryParse(address, out var host)
        && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= host.GetAddressBytes().Length * 8 ? new(Masked(host, bits), bits) : null;

    private static IPAddress Masked(IPAddress host, int bits)
    {
        var bytes = host.GetAddressBytes();
        for (var index = 0; index < bytes.Length; index++)
        {
            var kept = Math.Clamp(bits - (index * 8), 0, 8);
            bytes[index] &= (byte)(0xFF << (8 - kept));
        }

        return new(bytes);
    }
}
