namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Checks with a custom kind of their own. It is defined once for all of them on a server.</summary>
public abstract class CustomKindChecks(ServerUnderTest server, string plural) : ConformanceChecks(server)
{
    protected const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static readonly Lock Defining = new();
    private static readonly Dictionary<(ServerUnderTest Server, string Plural), string> Groups = [];

    /// <summary>The kind's group.</summary>
    protected string Group()
    {
        lock (Defining)
        {
            if (!Groups.TryGetValue((Server, plural), out var group))
            {
                group = NewName("g") + ".example.org";
                Define(group);
                Groups[(Server, plural)] = group;
            }

            return group;
        }
    }

    /// <summary>Defines the kind in a group, and waits until it is served.</summary>
    protected void Define(string group)
    {
        Post(Definitions, Definition(group)).Created();
        Server.DeleteLater($"{Definitions}/{plural}.{group}");
        Eventually(() => Get($"/apis/{group}/v1/{plural}"), answer => answer.Status == 200);
        Eventually(() => Get($"/apis/{group}/v1"), answer => answer.Status == 200);
    }

    /// <summary>The definition for a group, as JSON.</summary>
    protected abstract string Definition(string group);
}
