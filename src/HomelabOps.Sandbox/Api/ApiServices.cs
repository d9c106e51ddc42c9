using HomelabOps.Sandbox.Api.Access;
using HomelabOps.Sandbox.Api.Discovery;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Rules.Limits;

namespace HomelabOps.Sandbox.Api;

/// <summary>What the handlers of requests work with.</summary>
internal sealed class ApiServices
{
    public ApiServices(ApiContext context, SandboxOptions options)
    {
        Context = context;
        Options = options;
        Quotas = new ResourceQuotas(context);
        Writer = new ObjectWriter(context, new Admission(context, new ServiceAllocation(context, options.ServiceNetwork)), options.Webhooks, Quotas);
        Remover = new ObjectRemover(context);
        Tokens = new ServiceAccountTokens(context.Clock);
        Authorizer = new RbacAuthorizer(context);
        Discovery = new DiscoveryDocuments(context.Kinds, options.KubernetesVersion);
    }

    public ApiContext Context { get; }

    public SandboxOptions Options { get; }

    public ObjectWriter Writer { get; }

    public ResourceQuotas Quotas { get; }

    public ObjectRemover Remover { get; }

    public ServiceAccountTokens Tokens { get; }

    public RbacAuthorizer Authorizer { get; }

    public DiscoveryDocuments Discovery { get; }

    public INodeRuntime Nodes => Options.NodeRuntime;
}
