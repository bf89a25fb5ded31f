// What a front end built with Relay asks: fragments that it refetches by `node`, and lists that it pages through. The
// compiler makes the queries of both. It reads this file, nobody runs it.
import { graphql } from "react-relay";

graphql`
  query pagesOrganizationQuery($code: String!) {
    organization(by: { code: $code }) {
      id
      ...pagesRating
      ...pagesChildren
      ...pagesReviews
    }
  }
`;

graphql`
  fragment pagesRating on Organization
  @refetchable(queryName: "pagesRatingRefetchQuery")
  @argumentDefinitions(scope: { type: "Scope", defaultValue: OWN }) {
    code
    rating(scope: $scope) {
      value
      submissions
    }
  }
`;

graphql`
  fragment pagesChildren on Organization
  @refetchable(queryName: "pagesChildrenPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }) {
    children(hierarchy: SUPERVISION, first: $first, after: $after) @connection(key: "pagesChildren_children") {
      edges {
        node {
          code
        }
      }
    }
  }
`;

graphql`
  fragment pagesReviews on Organization
  @refetchable(queryName: "pagesReviewsPaginationQuery")
  @argumentDefinitions(last: { type: "Int", defaultValue: 2 }, before: { type: "String" }) {
    reviews(last: $last, before: $before) @connection(key: "pagesReviews_reviews") {
      edges {
        node {
          ...pagesReview
        }
      }
    }
  }
`;

graphql`
  fragment pagesReview on Review @refetchable(queryName: "pagesReviewRefetchQuery") {
    text
    mark
  }
`;

graphql`
  query pagesListsQuery {
    ...pagesFound
    ...pagesRanking
  }
`;

graphql`
  fragment pagesFound on Query
  @refetchable(queryName: "pagesFoundPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    organizations(first: $first, after: $after) @connection(key: "pagesFound_organizations") {
      edges {
        node {
          code
        }
      }
    }
  }
`;

graphql`
  fragment pagesRanking on Query
  @refetchable(queryName: "pagesRankingPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    ranking(first: $first, after: $after) @connection(key: "pagesRanking_ranking") {
      edges {
        node {
          organization {
            code
          }
        }
      }
    }
  }
`;

graphql`
  query pagesThingsQuery {
    spheres {
      id
      categories {
        id
      }
    }
    criteria {
      id
    }
    areas {
      id
    }
    services(first: 2) {
      nodes {
        id
      }
    }
    editions {
      id
    }
  }
`;

graphql`
  fragment pagesThing on Node @refetchable(queryName: "pagesThingRefetchQuery") {
    ... on Sphere {
      name
    }
    ... on Category {
      name
    }
    ... on Criterion {
      name
    }
    ... on Area {
      name
    }
    ... on Service {
      name
    }
    ... on Edition {
      title
    }
  }
`;
