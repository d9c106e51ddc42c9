using System.Management.Automation;
using System.Reflection;
using System.Text;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>The roles in deploy/rbac are what the cmdlets declare. HOMELABOPS_REWRITE_GOLDENS=1 writes them.</summary>
[Collection(nameof(ProcessWide))]
public sealed class RoleFileTests
{
    private static readonly string[] ReadingVerbs = ["get", "list", "watch"];

    // They look into nodes, pods and what runs there, which is more than reading.
    private static readonly string[] Looking = ["nodes/proxy", "pods/proxy", "pods/exec", "pods/portforward"];

    [Fact]
    public void The_roles_are_those_that_the_cmdlets_need()
    {
        using var engine = new Engine();
        var commands = engine.Run("Get-Command -Module HomelabOps").ThrowIfFailed().Output.Select(item => (CmdletInfo)item.BaseObject).ToList();

        // What may do everything is cluster-admin, which every cluster has.
        var needs = commands.SelectMany(command => Needs(command).Select(need => (command.Name, Need: need))).Where(item => item.Need.Verb is not ("" or "*")).ToList();
        var roles = needs.GroupBy(item => RoleOf(commands.Find(command => command.Name == item.Name)!, item.Need), StringComparer.Ordinal).OrderBy(role => role.Key, StringComparer.Ordinal).ToList();
        var folder = Path.Combine(Root(), "deploy", "rbac");
        foreach (var role in roles)
        {
            var (file, text) = (Path.Combine(folder, $"{role.Key}.yaml"), Render(role.Key, [.. role.Select(item => item.Name).Distinct().Order(StringComparer.Ordinal)], [.. role.Select(item => item.Need)]));
            if (Environment.GetEnvironmentVariable("HOMELABOPS_REWRITE_GOLDENS") == "1")
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(file, text);
            }

            Assert.Equal(File.ReadAllText(file), text);
        }

        Assert.Equal(roles.Select(role => $"{role.Key}.yaml").Order(StringComparer.Ordinal), Directory.GetFiles(folder, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        var page = File.ReadAllText(Path.Combine(folder, "README.md"));
        Assert.All(roles, role => Assert.Contains($"`{role.Key}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_reading_role_changes_nothing_and_has_no_secret()
    {
        var role = File.ReadAllText(Path.Combine(Root(), "deploy", "rbac", "homelabops-read.yaml"));
        Assert.DoesNotMatch("verbs:.*(create|patch|update|delete|impersonate|escalate|bind|\\*)", role);
        Assert.DoesNotMatch("\"secrets\"|/proxy|/exec|apiGroups: .*\\*", role);
    }

    // What is asked of everything is as good as all rights, so it is in roles of its own.
    private static string RoleOf(CmdletInfo command, (string Verb, string Group, string Resource) need)
    {
        var isReading = ReadingVerbs.Contains(need.Verb);
        if (need is { Group: "*", Resource: "*" })
        {
            // A dry run is held against what is there, so its role has the reading of it as well.
            return isReading && !Needs(command).Any(other => other is { Verb: "create", Group: "*", Resource: "*" }) ? "homelabops-read-all" : "homelabops-dry-run";
        }

        if (!IsReader(command))
        {
            return $"homelabops-{command.ImplementingType.Namespace!.Split('.')[^1].ToLowerInvariant()}";
        }

        return need.Resource == "secrets" ? "homelabops-secrets" : isReading && !Looking.Contains(need.Resource) ? "homelabops-read" : "homelabops-look";
    }

    private static bool IsReader(CmdletInfo command) => command.Verb is "Get" or "Test" or "Compare" or "Trace" or "Wait" or "Export" or "Connect" || command.Name == "New-HomelabConfig";

    private static IEnumerable<(string Verb, string Group, string Resource)> Needs(CmdletInfo command) => command.ImplementingType.GetCustomAttributesData()
        .Where(data => data.AttributeType.Name == "RequiresAccessAttribute").Select(data => data.ConstructorArguments.Select(argument => (string)argument.Value!).ToList())
        .SelectMany(text => text[0].Split(',').SelectMany(verb => text[2].Split(',').Select(resource => (verb, text[1], resource))));

    private static string Render(string name, List<string> cmdlets, List<(string Verb, string Group, string Resource)> needs)
    {
        var text = new StringBuilder($"# Made from what the cmdlets declare; RoleFileTests writes it. For {string.Join(", ", cmdlets)}.\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {name}\n  labels:\n    app.kubernetes.io/part-of: homelabops\nrules:\n");
        var covered = needs.Where(need => need.Resource == "*").ToHashSet();
        var rules = needs.Distinct().Where(need => need.Resource == "*" || !covered.Contains(need with { Resource = "*" }))
            .GroupBy(need => (need.Group, need.Resource)).Select(group => (group.Key.Group, group.Key.Resource, Verbs: string.Join("\", \"", group.Select(need => need.Verb).Order(StringComparer.Ordinal))))
            .GroupBy(rule => (rule.Group, rule.Verbs, IsPath: rule.Resource.StartsWith('/'))).OrderBy(rule => rule.Key.Group, StringComparer.Ordinal).ThenBy(rule => rule.Key.IsPath).ThenBy(rule => rule.Key.Verbs, StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            var resources = string.Join("\", \"", rule.Select(item => item.Resource).Order(StringComparer.Ordinal));
            text.Append(rule.Key.IsPath ? $"- nonResourceURLs: [\"{resources}\"]\n" : $"- apiGroups: [\"{rule.Key.Group}\"]\n  resources: [\"{resources}\"]\n").Append("  verbs: [\"").Append(rule.Key.Verbs).Append("\"]\n");
        }

        return text.ToString();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Module.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }
}
