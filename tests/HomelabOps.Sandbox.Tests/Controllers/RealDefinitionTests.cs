using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>Holds the homelab's definitions against the real ones, rule by rule, where these are at hand.</summary>
public sealed class RealDefinitionTests
{
    private static readonly Lazy<string?> Real = new(FindReal);

    // What ours leave out, and why.
    private static readonly (string End, string Reason)[] LeftOut =
    [
        (".x-kubernetes-validations", "no expressions (CEL) are evaluated"),
        (" schema.apiVersion.type", "every server knows it of all kinds"),
        (" schema.kind.type", "every server knows it of all kinds"),
        (" schema.metadata.type", "every server knows it of all kinds"),
    ];

    // What ours say in another way, and why.
    private static readonly (string Definition, string Rule, string Reason)[] Different =
    [
        ("source.toolkit.fluxcd.io_gitrepositories", "v1 schema.spec.url.pattern", "the homelab's remote is a folder"),
    ];

    // Of these no real definition is at hand.
    private static readonly string[] Uncompared = ["image.toolkit.fluxcd.io_imagepolicies", "image.toolkit.fluxcd.io_imagerepositories", "image.toolkit.fluxcd.io_imageupdateautomations", "traefik.io_middlewares"];

    public static TheoryData<string> Names => [.. Ours().Keys.Except(Uncompared, StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_rule_is_the_real_one(string name)
    {
        var real = Read(File.ReadAllBytes(FileOf(name)));
        var (expected, found) = (Rules(real), Rules(Ours()[name]));
        var differences = expected.Keys.Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(rule => expected.GetValueOrDefault(rule) != found.GetValueOrDefault(rule) && !IsMeant(name, rule, found))
            .Select(rule => $"{rule}: {expected.GetValueOrDefault(rule, "nothing")}, and here {found.GetValueOrDefault(rule, "nothing")}");
        Assert.Empty(differences);
    }

    [Fact]
    public void All_real_ones_are_there()
    {
        Assert.SkipWhen(Real.Value is null, "There is no folder shared/crds beside this repository with real definitions to compare with.");
        Assert.Empty(Directory.EnumerateFiles(Real.Value!, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Except(Ours().Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void What_differs_on_purpose_differs()
    {
        Assert.SkipWhen(Real.Value is null, "There is no folder shared/crds beside this repository with real definitions to compare with.");
        var rules = Directory.EnumerateFiles(Real.Value!, "*.yaml").SelectMany(file => Rules(Read(File.ReadAllBytes(file))).Keys).ToArray();
        Assert.All(LeftOut, item => Assert.Contains(rules, rule => rule.EndsWith(item.End, StringComparison.Ordinal)));
        Assert.All(Different, item => Assert.NotEqual(Rules(Read(File.ReadAllBytes(FileOf(item.Definition)))).GetValueOrDefault(item.Rule), Rules(Ours()[item.Definition]).GetValueOrDefault(item.Rule)));
    }

    private static bool IsMeant(string name, string rule, Dictionary<string, string> ours) => Different.Any(item => (item.Definition, item.Rule) == (name, rule))
        || !ours.ContainsKey(rule) && LeftOut.Any(item => rule.EndsWith(item.End, StringComparison.Ordinal));

    private static string FileOf(string name)
    {
        Assert.SkipWhen(Real.Value is null, "There is no folder shared/crds beside this repository with real definitions to compare with.");
        return Path.Combine(Real.Value!, name + ".yaml");
    }

    private static SortedDictionary<string, JsonObject> Ours() => new(
        EmbeddedText.Below("Definitions/").ToDictionary(file => Path.GetFileNameWithoutExtension(file.Path), file => Read(Encoding.UTF8.GetBytes(file.Text)), StringComparer.Ordinal), StringComparer.Ordinal);

    private static JsonObject Read(byte[] text) => YamlBody.Read(text)!.AsObject();

    // All that a definition says, one rule an entry, by where it stands.
    private static Dictionary<string, string> Rules(JsonObject definition)
    {
        var rules = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = (string)definition["metadata"]!["name"]! };
        foreach (var (name, value) in definition["spec"]!.AsObject().Where(field => field.Key != "versions"))
        {
            rules[name] = Canonical(value);
        }

        foreach (var version in definition["spec"]!["versions"]!.AsArray().Select(version => version!.AsObject()))
        {
            var place = (string)version["name"]!;
            foreach (var (name, value) in version.Where(field => field.Key is not ("schema" or "additionalPrinterColumns")))
            {
                rules[$"{place} {name}"] = Canonical(value);
            }

            var columns = version["additionalPrinterColumns"] as JsonArray ?? [];
            foreach (var column in columns.Select(column => column!.AsObject()))
            {
                rules[$"{place} column {columns.IndexOf(column)}"] = Canonical(new JsonObject(column.Where(field => field.Key != "description").Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))));
            }

            AddSchema(rules, $"{place} schema", version["schema"]!["openAPIV3Schema"]!.AsObject());
        }

        return rules;
    }

    private static void AddSchema(Dictionary<string, string> rules, string place, JsonObject schema)
    {
        foreach (var (name, value) in schema.Where(field => field.Key != "description"))
        {
            switch (name, value)
            {
                case ("properties", JsonObject fields):
                    foreach (var (field, inner) in fields)
                    {
                        AddSchema(rules, $"{place}.{field}", inner!.AsObject());
                    }

                    break;
                case ("items", JsonObject items):
                    AddSchema(rules, place + "[]", items);
                    break;
                case ("additionalProperties", JsonObject values):
                    AddSchema(rules, place + "{}", values);
                    break;
                case ("required", JsonArray required):
                    rules[$"{place}.required"] = string.Join(' ', required.Select(item => (string)item!).Order(StringComparer.Ordinal));
                    break;
                default:
                    rules[$"{place}.{name}"] = Canonical(value);
                    break;
            }
        }
    }

    // Fields of an object have no order; items of a list have.
    private static string Canonical(JsonNode? value) => value switch
    {
        JsonObject fields => $"{{{string.Join(',', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}:{Canonical(field.Value)}"))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Canonical))}]",
        _ => value?.ToJsonString() ?? "null",
    };

    private static string? FindReal()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "crds");
            if (File.Exists(Path.Combine(candidate, "kustomize.toolkit.fluxcd.io_kustomizations.yaml")))
            {
                return candidate;
            }
        }

        return null;
    }
}
