// The official Kubernetes provider. Its own main embeds generated files that its module lacks: the schema, which serves
// those who make SDKs, and the table of names of clients in Go that went. Without them it serves resources as ever.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

func main() {
	provider.Serve("kubernetes", "4.25.0", []byte("{}"), []byte("{}"))
}
