using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>Makes the Secret by which the speakers know each other where it is missing, each time that MetalLB's controller starts.</summary>
internal sealed class MemberListController : Controller
{
    private const string Secret = "memberlist";
    private const int KeyLength = 128;

    private readonly MetalLBOptions _options;
    private readonly Informer _deployments;
    private readonly HashSet<string> _looked = new(StringComparer.Ordinal);

    public MemberListController(ControllerHost host, MetalLBOptions options)
        : base(host, "metallb-controller", options.Tenure)
    {
        _options = options;
        _deployments = Watch(Types.Deployment, item => Text(item, "metadata.namespace") == options.Namespace && MetalLBSettings.IsController(item) ? [ObjectName.Of(item)] : []);
        if (Tenure is not null)
        {
            Tenure.Begun += LookAgain;
        }
    }

    protected override int Workers => 1;

    public override ValueTask DisposeAsync()
    {
        if (Tenure is not null)
        {
            Tenure.Begun -= LookAgain;
        }

        return base.DisposeAsync();
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_deployments.Find(name) is not { } deployment)
        {
            return null;
        }

        var uid = Text(deployment, "metadata.uid");
        lock (_looked)
        {
            if (_looked.Contains(uid))
            {
                return null;
            }
        }

        if (await Objects.Client.FindObjectAsync(Types.Secret, _options.Namespace, Secret, cancellationToken) is null)
        {
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));
            await Objects.CreateAsync(
                Types.Secret,
                new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = Secret,
                        ["namespace"] = _options.Namespace,
                        ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = name.Name, ["uid"] = uid }),
                    },
                    ["data"] = new JsonObject { ["secretkey"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(key)) },
                },
                cancellationToken);
        }

        // Not before: what has failed is tried again.
        lock (_looked)
        {
            _looked.Add(uid);
        }

        return null;
    }

    private void LookAgain(object? sender, EventArgs e)
    {
        lock (_looked)
        {
            _looked.Clear();
        }

        foreach (var deployment in _deployments.In(_options.Namespace).Where(MetalLBSettings.IsController))
        {
            Enqueue(ObjectName.Of(deployment));
        }
    }
}
