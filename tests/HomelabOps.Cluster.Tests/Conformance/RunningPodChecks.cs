namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Base of the checks of what goes through the API server to a kubelet, with the pods that they look at: real ones on the lab.</summary>
public abstract class RunningPodChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    /// <summary>On which one serves the files of a folder.</summary>
    protected const int Port = 8080;

    private const string Image = "docker.io/library/busybox:1.36";
    private const string Serving = "mkdir /www; echo hello >/www/ping; echo one; echo two; echo three; exec httpd -f -p 8080 -h /www";

    /// <summary>A pod with the containers web, which has written three lines and serves files, and side, which waits.</summary>
    protected string Web => Server.Once("web", () => NewRunning("web", $$""" "containers":[{{Container("web", Serving, """ ,"ports":[{"containerPort":8080,"name":"http"}] """)}},{{Container("side", "sleep 100000")}}] """));

    /// <summary>A pod whose only container cannot be made.</summary>
    protected string Imageless => Server.Once("imageless", () =>
    {
        var path = NewPod("imageless", """ "nodeName":"k3s-w1","containers":[{"name":"a","image":"localhost/not-there:1","imagePullPolicy":"Never"}] """);
        Eventually(() => Get(path), pod => pod["status.containerStatuses[0].state.waiting.reason"] == "ErrImageNeverPull");
        return path;
    });

    /// <summary>A pod that no node was chosen for.</summary>
    protected string Unplaced => Server.Once("unplaced", () => NewPod("unplaced", """ "schedulerName":"nobody","containers":[{"name":"a","image":"a:1"}] """));

    /// <summary>A container that runs a script of the shell.</summary>
    protected static string Container(string name, string script, string rest = "") =>
        $$"""{"name":"{{name}}","image":"{{Image}}","imagePullPolicy":"IfNotPresent","command":["sh","-c","{{script}}"]{{rest}} }""";

    /// <summary>Makes a pod on the first node; gives its path.</summary>
    protected string NewRunning(string name, string spec, string labels = "")
    {
        var path = NewPod(name, $$""" "nodeName":"k3s-w1","terminationGracePeriodSeconds":1,{{spec}} """, $$""" "app":"{{name}}"{{labels}} """);
        Eventually(() => Get(path), pod => pod.At("status.conditions")?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") == true);
        return path;
    }

    /// <summary>Makes a pod; gives its path.</summary>
    protected string NewPod(string name, string spec, string labels = "")
    {
        Post(Core + "/pods", Object("v1", "Pod", name, $$""" "spec":{ {{spec}} } """, $$""" "labels":{ {{labels}} } """)).Created();
        return $"{Core}/pods/{name}";
    }

    /// <summary>Opens a WebSocket, which must be taken.</summary>
    internal ApiSocket Socket(string path, string protocols)
    {
        var (socket, refusal) = Server.Upgrade(path, protocols);
        Assert.True(socket is not null, $"{path}: {refusal?.Status} {refusal?.Text}");
        return socket;
    }

    /// <summary>Asks for a WebSocket that must be refused.</summary>
    internal ApiAnswer Refusal(string path, string protocols)
    {
        var (socket, refusal) = Server.Upgrade(path, protocols);
        socket?.Dispose();
        Assert.True(refusal is not null, $"{path} was taken");
        return refusal;
    }
}
