using System.Diagnostics;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Base of the checks: what is sent, and what is often sent. Each class runs against the embedded server and against the lab's, with the same assertions.</summary>
public abstract class ConformanceChecks
{
    protected const string JsonPatch = "application/json-patch+json";
    protected const string MergePatch = "application/merge-patch+json";
    protected const string StrategicPatch = "application/strategic-merge-patch+json";
    protected const string ApplyPatch = "application/apply-patch+yaml";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Opens the server, or skips the check when it is not there.</summary>
    protected ConformanceChecks(ServerUnderTest server)
    {
        ArgumentNullException.ThrowIfNull(server);
        Server = server;
        server.Open();
    }

    /// <summary>What is checked.</summary>
    protected ServerUnderTest Server { get; }

    /// <summary>The core group in the namespace of the class.</summary>
    protected string Core => $"/api/v1/namespaces/{Server.Namespace}";

    /// <summary>The group apps in the namespace of the class.</summary>
    protected string Apps => $"/apis/apps/v1/namespaces/{Server.Namespace}";

    /// <summary>The config maps of the namespace, with which everything is checked that is the same for all kinds.</summary>
    protected string ConfigMaps => Core + "/configmaps";

    /// <summary>A name that no other check uses.</summary>
    protected static string NewName(string prefix = "c") => ServerUnderTest.NewName(prefix);

    /// <summary>An object of any kind; metadata and the rest are the insides of JSON objects.</summary>
    protected static string Object(string apiVersion, string kind, string name, string rest = "", string metadata = "") =>
        $$"""{"apiVersion":"{{apiVersion}}","kind":"{{kind}}","metadata":{"name":"{{name}}"{{Joined(metadata)}} }{{Joined(rest)}} }""";

    /// <summary>A config map with the field a.</summary>
    protected static string ConfigMap(string name, string metadata = "", string data = """ "a":"1" """) => Object("v1", "ConfigMap", name, $$""" "data":{ {{data}} } """, metadata);

    /// <summary>A Deployment without replicas, so that nothing comes of it.</summary>
    protected static string Deployment(string name, string spec = "", string pod = "") => Object(
        "apps/v1",
        "Deployment",
        name,
        $$""" "spec":{"replicas":0,"selector":{"matchLabels":{"app":"x"} },"template":{"metadata":{"labels":{"app":"x"} },"spec":{"containers":[{"name":"a","image":"a:1"}]{{Joined(pod)}} } }{{Joined(spec)}} } """);

    /// <summary>A pod that no scheduler looks at.</summary>
    protected static string Pod(string name, string spec = "", string metadata = "") => Object(
        "v1", "Pod", name, $$""" "spec":{"schedulerName":"nobody","terminationGracePeriodSeconds":5,"containers":[{"name":"a","image":"a:1"}]{{Joined(spec)}} } """, metadata);

    internal ApiAnswer Get(string path, string? accept = null, params (string Name, string Value)[] headers) =>
        Server.Call(new(HttpMethod.Get, path) { Headers = accept is null ? headers : [("Accept", accept), .. headers] });

    internal ApiAnswer Post(string path, string json, string type = "application/json", params (string Name, string Value)[] headers) =>
        Server.Call(new(HttpMethod.Post, path) { Json = json, Type = type, Headers = headers });

    internal ApiAnswer Put(string path, string json) => Server.Call(new(HttpMethod.Put, path) { Json = json });

    internal ApiAnswer Patch(string path, string json, string type = MergePatch) => Server.Call(new(HttpMethod.Patch, path) { Json = json, Type = type });

    internal ApiAnswer Apply(string path, string json, string manager, string query = "") =>
        Server.Call(new(HttpMethod.Patch, $"{path}?fieldManager={manager}{query}") { Json = json, Type = ApplyPatch });

    internal ApiAnswer Delete(string path, string? options = null) => Server.Call(new(HttpMethod.Delete, path) { Json = options });

    internal ApiWatch Watch(string path, string query = "", string? accept = null) =>
        Server.Watch(new(HttpMethod.Get, $"{path}?watch=true&{query}") { Headers = accept is null ? [] : [("Accept", accept)] });

    /// <summary>The object must be refused for these reasons: each a field, a colon and what is wrong with it.</summary>
    internal static void Refused(ApiAnswer answer, params string[] reasons) =>
        Assert.Equal(reasons, answer.Fails(422, "Invalid").At("details.causes")!.AsArray().Select(cause => $"{cause!["field"]}: {cause["message"]}"));

    /// <summary>What is expected of a server of this version.</summary>
    private protected T Since<T>(VersionDifference difference, T now, T before) => Server.Minor >= difference.Minor ? now : before;

    /// <summary>Asks until the answer is as wanted.</summary>
    private protected static ApiAnswer Eventually(Func<ApiAnswer> ask, Func<ApiAnswer, bool> wanted)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = ask();
            if (wanted(answer))
            {
                return answer;
            }

            Assert.True(clock.Elapsed < Patience, $"{answer.Request}: did not become as wanted: {answer.Status} {answer.Text}");
            Thread.Sleep(100);
        }
    }

    private static string Joined(string part) => part.Length == 0 ? "" : "," + part;
}
