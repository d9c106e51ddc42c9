namespace HomelabOps.Core.Patching;

/// <summary>The table itself. A lab test holds it against a real API server.</summary>
public static partial class BuiltInSchemas
{
    // kind <group>[/<version>] <Kind>...   a kind, with its fields below it; without a version: all versions
    // type <Name> [atomic]                 a type that fields name; atomic: server-side apply knows one owner of it
    //   <field>[!]: [<Type>] <markers>     !: an API server's types always have it, though empty
    // merge(<key>)   strategic merge joins elements with the same key; server-side apply takes the same unless map() says else
    // merge          the same for lists of plain values
    // retainKeys     strategic merge may drop the keys that are not named
    // map(<keys>)    server-side apply: elements are known by these keys
    // <key>=<value>  what an element has that does not name its key; an API server's required fields have an empty text or 0
    // set            server-side apply: each value has its owners
    // Every kind has metadata: ObjectMeta. What is inside of an atomic list needs no line, nor does an object that merges field by field.
    private const string Text = """
        kind core Pod
          spec!: PodSpec
          status!: PodStatus
        kind core PodTemplate
          template!: PodTemplateSpec
        kind core ReplicationController
          spec!: PodSetSpec
          status!: Conditions
        kind core Service
          spec!: ServiceSpec
          status!: ServiceStatus
        kind core ServiceAccount
          secrets: merge(name)
        kind core Node
          spec!: NodeSpec
          status!: NodeStatus
        kind core Namespace
          spec!:
          status!: Conditions
        kind core PersistentVolumeClaim
          spec!: PersistentVolumeClaimSpec
          status!: Conditions
        kind core PersistentVolume ResourceQuota
          spec!:
          status!:
        kind core ComponentStatus
          conditions: merge(type=)
        kind core Event
          involvedObject!:
          source!:
        kind core LimitRange
          spec!:
        kind core Binding
          target!:
        kind core ConfigMap Endpoints Secret
        kind apps Deployment
          spec!: DeploymentSpec
          status!: Conditions
        kind apps StatefulSet
          spec!: StatefulSetSpec
          status!: Conditions
        kind apps DaemonSet
          spec!: StatefulSetSpec
          status!: Conditions
        kind apps ReplicaSet
          spec!: PodSetSpec
          status!: Conditions
        kind apps ControllerRevision
        kind batch Job
          spec!: PodSetSpec
          status!: JobStatus
        kind batch CronJob
          spec!: CronJobSpec
          status!:
        kind autoscaling HorizontalPodAutoscaler
          spec!: HorizontalPodAutoscalerSpec
          status!:
        kind autoscaling/v2 HorizontalPodAutoscaler
          spec!: HorizontalPodAutoscalerSpec
          status!: Conditions
        kind autoscaling Scale
          spec!:
          status!:
        kind policy PodDisruptionBudget
          spec!: SelectorSpec
          status!:
        kind policy/v1 PodDisruptionBudget
          spec!: SelectorSpec
          status!: Conditions
        kind policy Eviction PodSecurityPolicy
        kind flowcontrol.apiserver.k8s.io FlowSchema PriorityLevelConfiguration
          spec!:
          status!: MapConditions
        kind networking.k8s.io Ingress
          spec!:
          status!: LoadBalancerStatus
        kind extensions Ingress
          spec!:
          status!: LoadBalancerStatus
        kind networking.k8s.io IngressClass
          spec!:
        kind networking.k8s.io NetworkPolicy
          spec!: NetworkPolicySpec
        kind discovery.k8s.io EndpointSlice
        kind events.k8s.io Event
          regarding!:
          deprecatedSource!:
        kind rbac.authorization.k8s.io ClusterRole Role
        kind rbac.authorization.k8s.io ClusterRoleBinding RoleBinding
          roleRef!:
        kind storage.k8s.io CSINode
          spec!: CSINodeSpec
        kind storage.k8s.io CSIDriver
          spec!:
        kind storage.k8s.io/v1 CSIDriver
          spec!: CSIDriverSpec
        kind storage.k8s.io VolumeAttachment
          spec!: VolumeAttachmentSpec
          status!:
        kind storage.k8s.io StorageClass
        kind scheduling.k8s.io PriorityClass
        kind coordination.k8s.io Lease
          spec!:
        kind node.k8s.io RuntimeClass
        kind admissionregistration.k8s.io MutatingWebhookConfiguration ValidatingWebhookConfiguration
          webhooks: Webhook merge(name=)
        kind certificates.k8s.io CertificateSigningRequest
          spec!:
          status!: MapConditions
        kind apiextensions.k8s.io CustomResourceDefinition
          spec!: CustomResourceDefinitionSpec
          status!: CustomResourceDefinitionStatus
        kind apiregistration.k8s.io APIService
          spec!:
          status!: Conditions
        kind authentication.k8s.io TokenRequest TokenReview
          spec!:
          status!:
        kind authorization.k8s.io LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
          spec!:
          status!:
        type ObjectMeta
          finalizers: merge
          ownerReferences: merge(uid=)
        type LabelSelector atomic
        type Conditions
          conditions: merge(type=)
        type MapConditions
          conditions: map(type=)
        type SelectorSpec
          selector: LabelSelector
        type DeploymentSpec
          selector: LabelSelector
          strategy!: retainKeys
          template!: PodTemplateSpec
        type StatefulSetSpec
          selector: LabelSelector
          template!: PodTemplateSpec
          updateStrategy!:
        type PodSetSpec
          selector: LabelSelector
          template!: PodTemplateSpec
        type CronJobSpec
          jobTemplate!: JobTemplateSpec
        type JobTemplateSpec
          metadata!: ObjectMeta
          spec!: PodSetSpec
        type JobStatus
          conditions: merge(type=)
          uncountedTerminatedPods: UncountedTerminatedPods
        type UncountedTerminatedPods
          failed: set
          succeeded: set
        type PodTemplateSpec
          metadata!: ObjectMeta
          spec!: PodSpec
        type PodSpec
          containers!: Container merge(name=)
          ephemeralContainers: Container merge(name=)
          hostAliases: merge(ip)
          imagePullSecrets: merge(name)
          initContainers: Container merge(name=)
          resourceClaims: merge(name=) retainKeys
          schedulingGates: merge(name=)
          topologySpreadConstraints: TopologySpreadConstraint merge(topologyKey) map(topologyKey=,whenUnsatisfiable=)
          volumes: Volume merge(name=) retainKeys
        type PodStatus
          conditions: merge(type=)
          hostIPs: merge(ip)
          podIPs: merge(ip)
          resourceClaimStatuses: merge(name=) retainKeys
        type Container
          env: merge(name=)
          ports: merge(containerPort) map(containerPort=0,protocol=TCP)
          resources!: ContainerResources
          volumeDevices: merge(devicePath=)
          volumeMounts: merge(mountPath=)
        type ContainerResources
          claims: map(name=)
        type TopologySpreadConstraint
          labelSelector: LabelSelector
        type Volume
          ephemeral: EphemeralVolumeSource
        type EphemeralVolumeSource
          volumeClaimTemplate: PersistentVolumeClaimTemplate
        type PersistentVolumeClaimTemplate
          metadata!: ObjectMeta
          spec!: PersistentVolumeClaimSpec
        type PersistentVolumeClaimSpec
          resources!:
          selector: LabelSelector
        type ServiceSpec
          ports: merge(port) map(port=0,protocol=TCP)
        type ServiceStatus
          conditions: merge(type=)
          loadBalancer!:
        type LoadBalancerStatus
          loadBalancer!:
        type NodeSpec
          podCIDRs: merge
        type NodeStatus
          addresses: merge(type=)
          conditions: merge(type=)
          daemonEndpoints!: DaemonEndpoints
          nodeInfo!:
        type DaemonEndpoints
          kubeletEndpoint!:
        type HorizontalPodAutoscalerSpec
          scaleTargetRef!:
        type NetworkPolicySpec
          podSelector!: LabelSelector
        type CSINodeSpec
          drivers: merge(name=)
        type CSIDriverSpec
          volumeLifecycleModes: set
        type VolumeAttachmentSpec
          source!:
        type Webhook
          clientConfig!:
          namespaceSelector: LabelSelector
          objectSelector: LabelSelector
        type CustomResourceDefinitionSpec
          names!:
        type CustomResourceDefinitionStatus
          acceptedNames!:
        """;
}
